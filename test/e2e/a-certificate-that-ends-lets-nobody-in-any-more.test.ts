import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createAuthority } from "@sallyport/certs";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { webSocketHandshake } from "../support/web-socket-octets.ts";

const accept = "Accept: text/plain\r\n";
const get = `GET /flask/ HTTP/1.1\r\nHost: localhost\r\n${accept}\r\n`;
const upgrade = webSocketHandshake("/flask/", accept);
const life = 4000;

void test("a certificate that ends lets nobody in any more", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port, { clients: { depth: 2 } }));
  const notAfter = new Date(Date.now() + life);
  const subject = [{ type: "CN", value: "Test Intermediate" }];
  const above = await createAuthority({ subject, issuer: authority.root, keyAlgorithm: "ec-p256", notAfter });
  const below = await authority.issue("Grace Hopper", { issuer: above });
  const people = [
    {
      who: "her own",
      identity: await authority.issue("Grace Hopper", { notAfter }),
      code: "certificate-expired",
    },
    {
      who: "that of an authority above hers",
      identity: { ...below, cert: below.cert + above.certificatePem },
      code: "certificate-untrusted",
    },
  ];
  const ended = delay(notAfter.getTime() + 1000 - Date.now());
  const visits = people.flatMap((person) =>
    (["TLSv1.2", "TLSv1.3"] as const).map((version) => ({ ...person, version })),
  );
  const clients = await Promise.all(
    visits.map(async (visit) => {
      const open = await connectRaw({ port, ...visit });
      open.send(get);
      const [answer] = await open.awaitAnswers(1);
      assert.equal(answer?.status, 200, "it is good at first");
      return { ...visit, open };
    }),
  );
  await ended;
  for (const { who, identity, code, version, open } of clients) {
    await t.test(`${who}, ${version}: the next request on its open connection is refused`, async () => {
      open.send(get);
      const [, answer] = await open.awaitAnswers(2);
      assert.equal(answer?.status, 403);
      assert.match(answer.text, new RegExp(code));
      open.close();
    });
    for (const [way, octets] of Object.entries({ request: get, WebSocket: upgrade })) {
      await t.test(`${who}, ${version}: its session, resumed, is refused: ${way}`, async () => {
        const client = await connectRaw({ port, version, identity, session: open.session() });
        client.send(octets);
        const [answer] = await client.awaitAnswers(1);
        assert.ok(client.resumed, "the session was not resumed: this test sees nothing");
        assert.equal(answer?.status, 403);
        assert.match(answer.text, new RegExp(code));
        client.close();
      });
    }
    await t.test(`${who}, ${version}: and so is a new handshake`, async () => {
      const client = await connectRaw({ port, version, identity });
      client.send(get);
      const [answer] = await client.awaitAnswers(1);
      assert.match(answer?.text ?? "", new RegExp(code));
      client.close();
    });
  }
  assert.equal(backend.requests().length, clients.length);
});
