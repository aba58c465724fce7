import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket, WebSocketServer } from "ws";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { fold } from "../support/fold.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webSocketHandshake } from "../support/web-socket-octets.ts";

const upgrade =
  "GET /flask/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const smuggled = "GET /admin HTTP/1.1\r\nHost: localhost\r\nSSL_CLIENT_S_DN: CN=Mallory\r\n\r\n";

test("a WebSocket carries her name", async (t) => {
  const authority = await createTestAuthority(t);
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  let asked: IncomingMessage | undefined;
  sockets.on("connection", (socket, request) => {
    asked = request;
    socket.on("message", (data, isBinary) => {
      socket.send(data, { binary: isBinary });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  const gateway = await startGateway(t, gatewayConfig(authority, (server.address() as AddressInfo).port));
  const { port } = gateway;
  const open = async (identity = authority.grace, headers: Record<string, string> = {}) => {
    const socket = new WebSocket(`wss://localhost:${port}/flask/chat?room=1`, {
      ...identity,
      ca: authority.root.certificatePem,
      headers,
    });
    await once(socket, "open");
    return socket;
  };

  await t.test("text and a megabyte of octets come back as they went", async () => {
    const socket = await open();
    for (const sent of [Buffer.from("Grüße"), Buffer.alloc(1 << 20, 7)]) {
      socket.send(sent);
      const [received] = (await once(socket, "message")) as [Buffer];
      assert.ok(received.equals(sent));
    }
    socket.close(1000);
    const [code] = (await once(socket, "close")) as [number];
    assert.equal(code, 1000);
    const line = await gateway.logged(({ status }) => status === 101);
    assert.deepEqual([line["path"], line["subject"]], ["/flask/chat", graceSubject]);
  });

  await t.test("the backend is told of Grace and of nobody else, at its own path", async () => {
    const socket = await open(authority.grace, {
      SSL_CLIENT_S_DN: "CN=Mallory",
      "SSL-CLIENT-S-DN": "CN=Mallory",
      "X-Forwarded-For": "192.0.2.1",
    });
    assert.ok(asked);
    assert.equal(asked.url, "/chat?room=1");
    const lines = asked.rawHeaders.flatMap((name, at) =>
      at % 2 === 0 ? [[name, asked?.rawHeaders[at + 1] ?? ""]] : [],
    );
    assert.deepEqual(
      lines.filter(([name = ""]) => fold(name) === "ssl_client_s_dn"),
      [["SSL_CLIENT_S_DN", graceSubject]],
    );
    assert.equal(asked.headers["x-forwarded-for"], "127.0.0.1");
    socket.terminate();
  });

  await t.test("the tunnel ends with the certificate", async () => {
    const socket = await open(
      await authority.issue("Grace Hopper", { notAfter: new Date(Date.now() + 2500) }),
    );
    const opened = Date.now();
    await Promise.race([once(socket, "close"), delay(6000, undefined, { ref: false })]);
    assert.equal(socket.readyState, WebSocket.CLOSED);
    assert.ok(Date.now() - opened < 5000);
  });
});

test("there is no tunnel without the backend's own 101", async (t) => {
  const authority = await createTestAuthority(t);
  let answer = "";
  const backend = await recordingBackend(t, () => answer);
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port));
  const attempts: readonly (readonly [name: string, answer: string, status: number])[] = [
    ["declined", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", 200],
    ["forbidden", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", 403],
    ["426", "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n", 426],
    ["101 with another handshake's key", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n", 502],
    ["101 with the right key and a wrong one", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n", 502],
    ["101 with a wrong key and the right one", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", 502],
    ["101 with the right key in another case", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: S3PPLMBITXAQ9KYGZZHZRBK+XOO=\r\n\r\n", 502],
    ["101 that is broken", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n folded\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", 502],
    ["101 in two framings", "HTTP/1.1 101 Switching Protocols\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", 502],
    ["100, then no 101", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", 200],
    ["101 without a key", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 502],
  ]; // prettier-ignore
  for (const [name, octets, status] of attempts) {
    await t.test(name, async () => {
      backend.forget();
      answer = octets;
      const client = await connectRaw({ port, identity: authority.grace });
      client.send(upgrade + smuggled);
      const [first] = await client.awaitAnswers(1);
      client.send(smuggled);
      await client.settle(100);
      client.close();
      assert.equal(first?.status, status);
      assert.equal(backend.requests().length, 1, backend.bytes().toString("latin1"));
      assert.deepEqual(backend.leftovers(), []);
    });
  }
  await t.test("a 101 that nobody asked for", async () => {
    backend.forget();
    answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    const client = await connectRaw({ port, identity: authority.grace });
    client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const [first] = await client.awaitAnswers(1);
    client.send(smuggled);
    await client.settle(100);
    client.close();
    assert.equal(first?.status, 502);
    assert.equal(backend.requests().length, 1);
  });
});

test("a WebSocket's handshake is written anew on both sides", async (t) => {
  const authority = await createTestAuthority(t);
  let open: (() => void) | undefined;
  const backend = await recordingBackend(t, (_, socket) => {
    open = () =>
      socket.write(
        "HTTP/1.1 101 Fine\r\nConnection: Upgrade, X-Hop, Keep-Alive\r\nUPGRADE: WebSocket\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nContent-Length: 70\r\n" +
          "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: journal.v1\r\n\r\nfrom the backend",
      );
    return undefined;
  }); // prettier-ignore
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port));
  const client = await connectRaw({ port, identity: authority.grace });
  const lines =
    "X-Mine: 1\r\nKeep-Alive: 300\r\nProxy-Connection: x\r\nTE: trailers\r\nSec-WebSocket-Protocol: journal.v1\r\nSSL-CLIENT-S-DN: CN=Mallory\r\n";
  client.send(
    webSocketHandshake("/flask/room", lines).replace(
      "Connection: Upgrade",
      "Connection: keep-alive, upgrade, X-Mine",
    ) + "from the client",
  );
  const received = () => backend.bytes().toString("latin1");
  await waitUntil(() => open !== undefined, () => "the handshake did not arrive"); // prettier-ignore
  const [asked] = backend.requests();
  assert.equal(asked?.startLine, "GET /room HTTP/1.1");
  const about =
    /^(?:connection|upgrade|sec-websocket-.*|x-mine|keep-alive|proxy-connection|te|ssl.client.s.dn)$/i;
  assert.deepEqual(
    asked.lines.filter(([name]) => about.test(name)).map((line) => line.join(": ")).toSorted(),
    [
      "Connection: Upgrade",
      `SSL_CLIENT_S_DN: ${graceSubject}`,
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Protocol: journal.v1",
      "Sec-WebSocket-Version: 13",
      "Upgrade: websocket",
    ],
  ); // prettier-ignore
  await client.settle(100);
  assert.ok(received().endsWith("\r\n\r\n"), "the client's octets came before the backend's 101");
  assert.equal(client.received().length, 0);
  open?.();
  await waitUntil(() => received().endsWith("\r\n\r\nfrom the client"), received);
  await waitUntil(() => client.received().toString().endsWith("backend"), () => client.received().toString()); // prettier-ignore
  assert.equal(
    client.received().toString("latin1"),
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: journal.v1\r\n\r\nfrom the backend",
  );
  client.close();
});
