import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a request that waits for its backend is told why it ends", { timeout: 30_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const silent = await recordingBackend(t, () => undefined);
  const file = join(authority.folder, "denied.yaml");
  await writeFile(file, "[]\n");
  const clients = { revocation: [{ denyList: file }] };
  const gateway = await startGateway(t, gatewayConfig(authority, silent.port, { clients }));
  const client = await connectRaw({ port: gateway.port, identity: authority.grace });
  client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await waitUntil(
    () => silent.requests().length === 1,
    () => "nothing arrived",
  );

  const { fingerprint256 } = new X509Certificate(authority.grace.cert);
  await writeFile(file, `- { fingerprint: "${fingerprint256}" }\n`);
  const [answer] = await client.awaitAnswers(1);
  assert.equal(answer?.status, 403);
  assert.match(answer.text, /certificate-revoked/);
  await waitUntil(
    () => silent.connections.every((connection) => !connection.open()),
    () => "the backend still works for nobody",
  );

  client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const [, again] = await client.awaitAnswers(2);
  assert.equal(again?.status, 403, "the connection is as good as ever, and she is not");
  assert.equal(silent.requests().length, 1, "asked for once, and never again");
  client.close();
});
