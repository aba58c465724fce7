import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { badCertificates } from "../support/bad-certificates.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

test("onBadCertificate: abort closes without an answer", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const listen = { onBadCertificate: "abort" };
  const required = await startGateway(t, gatewayConfig(authority, backend.port, { listen }));
  const optional = await startGateway(
    t,
    gatewayConfig(authority, backend.port, { listen, clients: { presence: "optional" } }),
  );
  for (const { name, identity } of await badCertificates(authority)) {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      for (const { port, presence } of [
        { port: required.port, presence: "required" },
        { port: optional.port, presence: "optional" },
      ]) {
        if (identity === undefined && presence === "optional") continue;
        await t.test(`${presence}, ${version}: ${name}`, async () => {
          const client = await connectRaw({ port, identity, version });
          client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
          await client.settle(500);
          assert.ok(client.ended(), "the connection is still open");
          assert.equal(client.received().length, 0);
        });
      }
    }
  }
  await t.test("and the backend has heard nothing of it", () => {
    assert.equal(backend.connections.length, 0);
  });
  await t.test("while Grace is let in by both, and the anonymous where they may", async () => {
    assert.equal((await ask({ port: required.port, identity: authority.grace })).status, 200);
    assert.equal((await ask({ port: optional.port, identity: authority.grace })).status, 200);
    assert.equal((await ask({ port: optional.port })).status, 200);
  });
});
