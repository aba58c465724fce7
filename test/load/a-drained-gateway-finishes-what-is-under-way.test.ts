import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import { connect as connectPlain, type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { closeOf, messageOf, webSocketTo } from "../support/web-sockets.ts";

const half = randomBytes(1 << 20);
const whole = Buffer.concat([half, half]);

/** Whatever it is asked for takes until {@link release} is called; `/upload` until its body has come. */
async function slowBackend(t: TestContext) {
  const held: (() => void)[] = [];
  const arrived: string[] = [];
  const answers: Record<string, (response: ServerResponse) => void> = {
    "/download": (response) => {
      response.writeHead(200, { "Content-Length": whole.length }).write(half);
      held.push(() => response.end(half));
    },
    "/stream": (response) => {
      response.write(half);
      held.push(() => response.end(half));
    },
  };
  const server = createServer((message, response) => {
    const path = message.url ?? "";
    arrived.push(path);
    response.on("error", () => undefined);
    if (path === "/upload") void buffer(message).then((body) => response.end(body), () => undefined);
    else if (answers[path]) answers[path](response);
    else held.push(() => response.end("late"));
  }); // prettier-ignore
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    arrived.push("/socket");
    socket.on("error", () => undefined);
    socket.on("message", (data) => {
      socket.send(data);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    arrived,
    release() {
      for (const go of held.splice(0)) go();
    },
  };
}

/** Everything that can be under way at a gateway, and the gateway. */
async function underWay(t: TestContext, settings: object = {}) {
  const authority = await createTestAuthority(t);
  const backend = await slowBackend(t);
  const target = `http://127.0.0.1:${backend.port}/`;
  const narrow = { targets: [target], connections: 1 };
  const gateway = await startGateway(t, {
    ...gatewayConfig(authority, backend.port),
    ...settings,
    routes: [
      { prefix: "/flask/", upstream: target },
      { prefix: "/narrow/", upstream: narrow },
    ],
  });
  const agent = new Agent({ ...authority.grace, keepAlive: true, rejectUnauthorized: false });
  t.after(() => {
    agent.destroy();
  });
  const begin = (method: string, path: string) => {
    const sent = request({ host: "127.0.0.1", port: gateway.port, method, path, agent });
    const answer = once(sent, "response").then(async ([response]) => ({
      status: (response as { statusCode: number }).statusCode,
      body: await buffer(response as AsyncIterable<Buffer>),
    }));
    answer.catch(() => undefined);
    return { sent, answer };
  };
  const get = (path: string) => {
    const { sent, answer } = begin("GET", path);
    sent.end();
    return answer;
  };
  const upload = begin("POST", "/flask/upload");
  upload.sent.setHeader("Content-Length", whole.length);
  upload.sent.write(half);
  const late = get("/flask/late");
  const download = get("/flask/download");
  const stream = get("/flask/stream");
  const first = get("/narrow/first");
  await waitUntil(() => backend.arrived.includes("/first"), () => "the first never came");
  const waiting = get("/narrow/second");
  const socket = webSocketTo(t, gateway.port, authority.grace, { path: "/flask/socket" });
  await once(socket, "open");
  await waitUntil(() => backend.arrived.length === 6, () => backend.arrived.join(" "));
  return { authority, gateway, backend, upload, late, download, stream, first, waiting, socket };
} // prettier-ignore

test("a drained gateway finishes what is under way, and ends with it", { timeout: 60_000 }, async (t) => {
  const all = await underWay(t);
  const { gateway, backend, socket } = all;
  gateway.signal("SIGTERM");
  await gateway.logged(({ msg }) => msg === "draining");
  await sleep(1_000); // so much for whatever closes early
  const echo = messageOf(socket);
  socket.send("still there");
  assert.equal((await echo).data.toString(), "still there");
  all.upload.sent.end(half);
  backend.release();
  await waitUntil(() => backend.arrived.includes("/second"), () => "what was waiting for a connection never got one"); // prettier-ignore
  backend.release();
  const { upload, late, download, stream, first, waiting } = all;
  for (const [name, answer] of Object.entries({ late, first, waiting })) {
    const { status, body } = await answer;
    assert.deepEqual([status, body.toString()], [200, "late"], name);
  }
  for (const [name, answer] of Object.entries({ download, stream, upload: upload.answer })) {
    const { status, body } = await answer;
    assert.equal(status, 200, name);
    assert.ok(body.equals(whole), `${name}: ${body.length} octets of ${whole.length}`);
  }
  assert.ok(!gateway.log.some(({ msg }) => msg === "stopped"), "a WebSocket is something under way");
  socket.close(1001, "enough");
  const ended = performance.now();
  assert.equal(await gateway.exited, 0);
  assert.ok(performance.now() - ended < 3_000, "it lingered after the last one");
  const paths = gateway.log.flatMap(({ path, status }) => (typeof path === "string" ? [`${path} ${String(status)}`] : []));
  assert.deepEqual(paths.toSorted(), ["/flask/download 200", "/flask/late 200", "/flask/socket 101", "/flask/stream 200", "/flask/upload 200", "/narrow/first 200", "/narrow/second 200"]);
  assert.equal(gateway.log.at(-1)?.["msg"], "stopped");
  assert.equal(gateway.stderr(), "");
}); // prettier-ignore

for (const [name, drainTimeout, signals] of [
  ["a second SIGTERM ends all of it at once", "30s", 2],
  ["when drainTimeout is over all of it ends", "500ms", 1],
] as const)
  test(`${name}: the cut are told why, or see that they are cut`, { timeout: 60_000 }, async (t) => {
    const { gateway, upload, late, download, stream, first, waiting, socket } = await underWay(t, { drainTimeout });
    const closed = closeOf(socket);
    gateway.signal("SIGTERM");
    await gateway.logged(({ msg }) => msg === "draining");
    const started = performance.now();
    if (signals === 2) gateway.signal("SIGTERM");
    assert.equal(await gateway.exited, 0);
    assert.ok(performance.now() - started < 3_500, "half a second, and as much as the log takes to be read");
    assert.deepEqual(await closed, [1006, ""]);
    for (const [name, answer] of Object.entries({ late, first, waiting })) {
      const { status, body } = await answer;
      const { code } = JSON.parse(body.toString()) as { code: string };
      assert.deepEqual([status, code], [503, "shutting-down"], name);
    }
    for (const [name, answer] of Object.entries({ upload: upload.answer, download, stream }))
      await assert.rejects(answer, `${name} came to an end`);
    const codes = gateway.log.flatMap(({ path, code }) => (typeof path === "string" ? [code] : []));
    assert.deepEqual(codes, Array(7).fill("shutting-down"));
    assert.equal(gateway.log.at(-1)?.["msg"], "stopped");
    assert.equal(gateway.stderr(), "");
  }); // prettier-ignore

test(
  "under steady load no request is lost until nobody is let in any more",
  { timeout: 60_000 },
  async (t) => {
    const authority = await createTestAuthority(t);
    const backend = await recordingBackend(t);
    const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
    let served = 0;
    const lost: string[] = [];
    /** Until the port is closed. */
    const visitor = async (name: string, keepAlive: boolean, pause: number) => {
      const agent = new Agent({ ...authority.grace, keepAlive, maxSockets: 1, rejectUnauthorized: false });
      for (;;) {
        const sent = request({ host: "127.0.0.1", port: gateway.port, path: "/flask/", agent });
        let connected = sent.reusedSocket;
        sent.on("socket", (socket) => {
          connected ||= !socket.connecting;
          if (socket.connecting) socket.once("secureConnect", () => (connected = true));
        });
        const answer = once(sent, "response");
        sent.end();
        try {
          const [response] = (await answer) as [AsyncIterable<Buffer>];
          assert.equal((await buffer(response)).toString(), "ok\n");
          served += 1;
        } catch (error) {
          // Whoever comes while the port is closing may find it closed in the middle of the handshake.
          if (!connected) break;
          lost.push(`${name}, after ${served}: ${String(error)}`);
        }
        await sleep(pause);
      }
      agent.destroy();
    };
    const visitors = [
      ...[0, 1, 2].map((at) => visitor(`kept alive ${at}`, true, at)),
      ...[5, 10].map((at) => visitor(`new connections ${at}`, false, at)),
    ];
    await waitUntil(() => served > 80, () => `${served} served`); // prettier-ignore
    gateway.signal("SIGTERM");
    await Promise.all(visitors);
    assert.equal(await gateway.exited, 0);
    assert.deepEqual(lost, []);
    assert.equal(backend.requests().length, served, "what has arrived has been answered");
  },
);

test("who says nothing does not keep it", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  const options = { port: gateway.port, identity: authority.grace };
  const silent = connectPlain(gateway.port, "127.0.0.1");
  silent.on("error", () => undefined);
  t.after(() => silent.destroy());
  await once(silent, "connect");
  const ready = await connectRaw(options);
  const hesitant = await connectRaw(options);
  hesitant.send("GET /flask/ HTTP/1.1\r\nHo");
  const used = await connectRaw(options);
  used.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await used.awaitAnswers(1);
  used.send("GET /fl");
  const started = performance.now();
  gateway.signal("SIGTERM");
  const ended = await Promise.race([gateway.exited, sleep(4_000, "not in time")]);
  assert.equal(ended, 0);
  const lasted = performance.now() - started;
  t.diagnostic(`${Math.round(lasted)} ms`);
  for (const client of [ready, hesitant, used]) client.close();
});
