import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n";
const life = 3000;

test("a certificate that ends lets nobody in any more", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port));
  const identity = await authority.issue("Grace Hopper", { notAfter: new Date(Date.now() + life) });
  const ended = delay(life + 1000);
  const clients = await Promise.all(
    (["TLSv1.2", "TLSv1.3"] as const).map(async (version) => {
      const open = await connectRaw({ port, identity, version });
      open.send(get);
      const [answer] = await open.awaitAnswers(1);
      assert.equal(answer?.status, 200, "it is good at first");
      return { version, open };
    }),
  );
  await ended;
  for (const { version, open } of clients) {
    await t.test(`${version}: the next request on its open connection is refused`, async () => {
      open.send(get);
      const [, answer] = await open.awaitAnswers(2);
      assert.equal(answer?.status, 403);
      assert.match(answer.text, /certificate-expired/);
      open.close();
    });
    await t.test(`${version}: its session, resumed, is refused`, async () => {
      const client = await connectRaw({ port, version, identity, session: open.session() });
      client.send(get);
      const [answer] = await client.awaitAnswers(1);
      assert.ok(client.resumed, "the session was not resumed: this test sees nothing");
      assert.equal(answer?.status, 403);
      assert.match(answer.text, /certificate-expired/);
      client.close();
    });
  }
  assert.equal(backend.requests().length, 2);
});
