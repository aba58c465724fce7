import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { arrivals } from "../support/arrivals.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw, type RawConnection, type RawOptions } from "../support/raw-client.ts";
import { recordingBackend, type Respond } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { acceptWebSocket, webSocketHandshake } from "../support/web-socket-octets.ts";

const get = (path = "/flask/") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n`;
const upload = "POST /flask/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nbegun";
const notMallory = [{ deny: { subject: { CN: "Mallory" } } }, { allow: "any" }];
const notGrace = [{ deny: { subject: { CN: "Grace Hopper" } } }, { allow: "any" }];
/** A second is promised; a machine with other work to do is given more. */
const promptly = 2500;

const respond: Respond = (request, socket) =>
  request.target === "/stream"
    ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n"
    : acceptWebSocket(request, socket);

test("a rule that changes counts at once", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const cecilia = await authority.issue("Cecilia Payne");
  const backend = await recordingBackend(t, respond);
  const configured = (rules: readonly object[], presence: string) => ({
    ...gatewayConfig(authority, backend.port, { clients: { presence }, route: { rules } }),
    reloadOnChange: false,
  });
  const gateway = await startGateway(t, configured(notMallory, "optional"));
  const { port } = gateway;
  const change = async (rules: readonly object[], presence: string) => {
    await gateway.reconfigure(configured(rules, presence));
    return nextReload(gateway, () => {
      gateway.signal("SIGHUP");
    });
  };
  const open = async (s: TestContext, options: Omit<RawOptions, "port">, octets: string) => {
    const client = await connectRaw({ port, ...options });
    s.after(client.close);
    client.send(octets);
    return client;
  };
  const cut = (client: RawConnection, what: string) =>
    waitUntil(client.ended, () => `${what} is not cut`, promptly);

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    await t.test(
      `${version}: the next request on an open connection is judged by the new rules`,
      async (s) => {
        await change(notMallory, "optional");
        backend.forget();
        const client = await open(s, { identity: authority.grace, version }, get());
        await client.awaitAnswers(1);
        await change(notGrace, "optional");
        client.send(get());
        const [, refused] = await client.awaitAnswers(2);
        assert.equal(refused?.status, 403);
        assert.match(refused.text, /not-allowed/);
        await change(notMallory, "optional");
        client.send(get());
        assert.equal((await client.awaitAnswers(3)).at(-1)?.status, 200);
        assert.deepEqual(arrivals(backend), Array(2).fill(`/ SUCCESS ${graceSubject}`));
      },
    );

    await t.test(
      `${version}: what is under way is cut for whom it is denied, and for nobody else`,
      async (s) => {
        await change(notMallory, "optional");
        backend.forget();
        const hers = { identity: authority.grace, version };
        const webSocket = await open(s, hers, webSocketHandshake("/flask/chat"));
        const download = await open(s, hers, get("/flask/stream"));
        const sending = await open(s, hers, upload);
        const others = [
          await open(s, { identity: cecilia, version }, webSocketHandshake("/flask/chat")),
          await open(s, { version }, webSocketHandshake("/flask/chat")),
        ];
        for (const each of [webSocket, ...others]) assert.equal((await each.awaitAnswers(1))[0]?.status, 101);
        await download.settle(200);
        assert.match(download.received().toString("latin1"), /begun/);
        assert.equal(backend.connections.filter((each) => each.open()).length, 5);

        await change(notGrace, "optional");
        await Promise.all([webSocket, download, sending].map((each) => cut(each, "what is hers")));
        assert.doesNotMatch(
          download.received().toString("latin1"),
          /\r\n0\r\n/,
          "cut, not ended as if it were whole",
        );
        for (const each of others) assert.equal(each.ended(), false);
        await delay(100);
        assert.equal(
          backend.connections.filter((each) => each.open()).length,
          2,
          "the upstreams are let go as well",
        );

        await change(notGrace, "required");
        await cut(others[1] ?? webSocket, "what is nobody's, where certificates become required,");
        assert.equal(others[0]?.ended(), false);
      },
    );
  }

  await t.test("rules that cannot be read change nothing", async (s) => {
    await change(notGrace, "optional");
    const client = await open(s, { identity: authority.grace }, get());
    const webSocket = await open(s, { identity: cecilia }, webSocketHandshake("/flask/chat"));
    await client.awaitAnswers(1);
    await webSocket.awaitAnswers(1);
    const { ok } = await change([{ allow: { subject: { NOBODY: "x" } } }], "optional");
    assert.equal(ok, false);
    client.send(get());
    assert.deepEqual((await client.awaitAnswers(2)).map(({ status }) => status), [403, 403]);
    assert.equal(webSocket.ended(), false);
    assert.equal(gateway.stderr(), "");
  }); // prettier-ignore
});
