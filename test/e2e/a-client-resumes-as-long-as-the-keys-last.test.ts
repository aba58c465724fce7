import assert from "node:assert/strict";
import { test } from "node:test";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";

const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

test("a client that uses each ticket once resumes as long as the keys last, and no longer", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  let session: Buffer | undefined;

  /** One connection with the newest ticket, which is never used again. */
  async function visit(): Promise<boolean> {
    backend.forget();
    const offered = session;
    session = undefined;
    const client = await connectRaw({ port: gateway.port, identity: authority.grace, session: offered });
    client.send(get);
    const [answer] = await client.awaitAnswers(1);
    session = client.session();
    client.close();
    assert.equal(answer?.status, 200);
    assert.deepEqual(backend.subjectLines(), [["SSL_CLIENT_S_DN", graceSubject]]);
    return client.resumed;
  }

  await t.test("one full handshake, and then none", async () => {
    const resumed: boolean[] = [];
    for (let at = 0; at < 8; at += 1) resumed.push(await visit());
    assert.deepEqual(resumed, [false, true, true, true, true, true, true, true]);
  });

  await t.test("a reload changes the keys: however often it was renewed, the session is over", async () => {
    session = undefined;
    assert.deepEqual([await visit(), await visit()], [false, true]);
    const { ok } = await nextReload(gateway, () => {
      gateway.signal("SIGHUP");
    });
    assert.ok(ok);
    assert.equal(await visit(), false);
    assert.equal(await visit(), true);
  });
});
