/** A page to a browser, problem+json to curl, text to who asks for it: each with an incident that stands in the log, and in the figures. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { certificateCodes, refusingSites, type RefusedVisitor } from "../support/refused-visitors.ts";
import { runCurl } from "../support/run-curl.ts";
import { startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, type TestAuthority } from "../support/test-authority.ts";

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const incidents = /^[0-9A-HJKMNP-TV-Z]{8}$/;

/** @returns what curl prints, as somebody would type it who has the certificate in a file */
async function curl({ folder }: TestAuthority, port: number, visitor: RefusedVisitor): Promise<string> {
  const { identity, serverName, host, path } = visitor;
  const file = join(folder, "visitor.pem");
  if (identity) await writeFile(file, identity.cert + identity.key);
  const { code, stdout, stderr } = await runCurl(
    ...(identity ? ["--cert", file] : []),
    "--insecure", // several of the names are not in the gateway's certificate
    ...["--resolve", `${serverName}:${port}:127.0.0.1`, "--header", `Host: ${host}`],
    ...["--write-out", "\n%{http_code} %{content_type}", `https://${serverName}:${port}${path}`],
  );
  assert.equal(code, 0, stderr);
  return stdout;
}

void test("every refusal is told, written down and counted", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const met = new Set<string>();
  for (const { config, visitors } of await refusingSites(authority, backend.port)) {
    const { port, logged } = await startGateway(t, config);
    const metrics = await logged(({ msg }) => msg === "metrics");
    const given = new Map<string, number>();

    /** What the operator finds by the incident that the visitor was told. */
    const isWrittenDown = async (
      told: string | undefined,
      { status, code, detail, path }: RefusedVisitor,
    ) => {
      assert.match(told ?? "", incidents);
      const line = await logged(({ incident }) => incident === told);
      assert.deepEqual([line["status"], line["code"], line["path"]], [status, code, path]);
      assert.match(String(line["detail"]), detail);
      given.set(code, (given.get(code) ?? 0) + 1);
      return line;
    };

    for (const visitor of visitors) {
      const { name, status, code, identity, serverName, host, path } = visitor;
      if (met.has(code)) continue;
      met.add(code);
      const options = { port, identity, serverName };
      const get = (accept: string) => ask(options, { path, host, lines: [`Accept: ${accept}`] });
      await t.test(`${code} (${name}), told to a browser`, async () => {
        const page = await get(browser);
        assert.equal(page.status, status);
        assert.equal(page.header("content-type"), "text/html; charset=utf-8");
        assert.match(page.header("content-security-policy") ?? "", /default-src 'none'/);
        assert.equal(page.header("cache-control"), "no-store");
        assert.match(page.text, /^<!doctype html>/);
        assert.ok(page.text.includes(code) && page.text.includes("the test desk"));
        await isWrittenDown(/<code class="incident">([^<]*)</.exec(page.text)?.[1], visitor);
      });
      await t.test(`${code}, told to a program`, async () => {
        let body: string;
        // curl does not even load a weak certificate.
        if (code === "certificate-weak-key") {
          body = (await get("*/*")).text;
        } else {
          const [, printed = "", end] = /^(.*)\n([^\n]*)$/s.exec(await curl(authority, port, visitor)) ?? [];
          assert.equal(end, `${status} application/problem+json`);
          body = printed;
        }
        const problem = JSON.parse(body) as Readonly<Record<string, unknown>>;
        const said = ["type", "status", "code", "contact"].map((member) => problem[member]);
        assert.deepEqual(said, [`urn:sallyport:problem:${code}`, status, code, "the test desk"]);
        assert.match(String(problem["title"]), /^[A-Z].*\.$/);
        const { detail } = await isWrittenDown(String(problem["incident"]), visitor);
        if (typeof detail === "string") assert.ok(!body.includes(detail), "that was for the operator alone");
      });
      await t.test(`${code}, told as text`, async () => {
        const answer = await get("text/plain");
        assert.equal(answer.status, status);
        assert.equal(answer.header("content-type"), "text/plain; charset=utf-8");
        assert.ok(answer.text.includes("Contact: the test desk"));
        const [, said, told] = /\((\S+), incident (\S+)\)\n$/.exec(answer.text) ?? [];
        assert.equal(said, code);
        await isWrittenDown(told, visitor);
      });
    }
    await t.test(`and counted: ${[...given.keys()].join()}`, async () => {
      const text = await (await fetch(`http://127.0.0.1:${String(metrics["port"])}/metrics`)).text();
      const counted = [...text.matchAll(/^sallyport_refusals_total\{code="([^"]+)"\} ([1-9]\d*)$/gm)];
      assert.deepEqual(new Map(counted.map(([, code = "", count]) => [code, Number(count)])), given);
    });
  }
  assert.deepEqual([...met].toSorted(), certificateCodes);
  assert.equal(backend.connections.length, 0);
});
