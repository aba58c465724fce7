import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { badCertificates } from "../support/bad-certificates.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

test("a refused certificate is told its reason", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const { port, logged } = await startGateway(t, gatewayConfig(authority, backend.port));

  for (const { name, identity, code, sentence } of await badCertificates(authority)) {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      await t.test(`${name}, ${version} -> 403 ${code}`, async () => {
        const json = await ask({ port, identity, version }, { lines: ["Accept: */*"] });
        assert.equal(json.status, 403);
        assert.equal(json.header("content-type"), "application/problem+json");
        const problem = JSON.parse(json.text) as Record<string, string>;
        assert.equal(problem["code"], code);
        assert.equal(problem["type"], `urn:sallyport:problem:${code}`);
        assert.match(`${problem["title"] ?? ""} ${problem["detail"] ?? ""}`, sentence);
        assert.match(problem["incident"] ?? "", /^[0-9A-HJKMNP-TV-Z]{8}$/);
        const line = await logged(({ incident }) => incident === problem["incident"]);
        assert.equal(line["code"], code);

        const text = await ask({ port, identity, version }, { lines: ["Accept: text/plain"] });
        assert.equal(text.status, 403);
        assert.equal(text.header("content-type"), "text/plain; charset=utf-8");
        assert.match(text.text, sentence);
        assert.ok(text.text.includes(code));

        const page = await ask({ port, identity, version }, { lines: [browser] });
        assert.equal(page.status, 403);
        assert.equal(page.header("content-type"), "text/html; charset=utf-8");
        assert.match(page.text, /^<!doctype html>/);
        assert.match(page.text, sentence);
        assert.ok(page.text.includes(code));
      });
    }
  }
  await t.test("also on the gateway's own page, and for an address that leads nowhere", async () => {
    assert.equal((await ask({ port }, { path: "/" })).status, 403);
    assert.equal((await ask({ port }, { path: "/elsewhere" })).status, 403);
  });
  await t.test("and the backend has heard nothing of all this", () => {
    assert.equal(backend.connections.length, 0);
  });
  await t.test("while Grace is let in", async () => {
    assert.equal((await ask({ port, identity: authority.grace })).status, 200);
  });
});
