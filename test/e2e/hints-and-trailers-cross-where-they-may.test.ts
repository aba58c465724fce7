import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connectRaw, type RawConnection } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const hints =
  "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\nConnection: x-hop\r\nX-Hop: no\r\n\r\n";
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const get = (path: string, version = "1.1", lines = "") =>
  `GET /flask${path} HTTP/${version}\r\nHost: localhost\r\n${lines}\r\n`;
const text = (client: RawConnection) => client.received().toString("latin1");

test("early hints reach the client before the answer does", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  let goOn: (() => void) | undefined;
  const backend = await recordingBackend(t, ({ target }, socket) => {
    if (target === "/slow") {
      socket.write(hints);
      goOn = () => socket.write(ok);
      return undefined;
    }
    if (target === "/100") return `HTTP/1.1 100 Continue\r\n\r\n${ok}`;
    if (target === "/102") return `HTTP/1.1 102 Processing\r\n\r\n${ok}`;
    return hints + ok;
  });
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port));
  const connect = () => connectRaw({ port, identity: authority.grace });

  await t.test("at once, without what is for one hop alone", async () => {
    const client = await connect();
    client.send(get("/slow"));
    const passed = "HTTP/1.1 103 Early Hints\r\nLink: </flask/style.css>; rel=preload; as=style\r\n\r\n";
    await waitUntil(
      () => text(client).length >= passed.length,
      () => text(client),
    );
    assert.equal(text(client), passed);
    goOn?.();
    const [answer] = await client.awaitAnswers(1);
    assert.deepEqual([answer?.status, answer?.text], [200, "ok"]);
    client.close();
  });
  await t.test("again and again on one connection, and the answers stay whole", async () => {
    const client = await connect();
    for (let count = 1; count <= 3; count += 1) {
      client.send(get("/"));
      await client.awaitAnswers(count);
    }
    assert.equal(text(client).split("HTTP/1.1 103 Early Hints").length, 4);
    assert.deepEqual(client.answers().map(({ text }) => text), ["ok", "ok", "ok"]);
    client.close();
  }); // prettier-ignore
  await t.test("never inside somebody else's answer, when requests are sent at once", async () => {
    const client = await connect();
    client.send(get("/slow") + get("/") + get("/"));
    await sleep(200);
    goOn?.();
    const answers = await client.awaitAnswers(3);
    assert.deepEqual(answers.map(({ text }) => text), ["ok", "ok", "ok"]);
    assert.equal(text(client).split("HTTP/1.1 103 Early Hints").length, 2, "hints of one whose turn has not come");
    client.close();
  }); // prettier-ignore
  await t.test("100 is nobody's business; 102 passes", async () => {
    const client = await connect();
    client.send(get("/100"));
    await client.awaitAnswers(1);
    assert.doesNotMatch(text(client), /100 Continue/);
    client.send(get("/102"));
    await client.awaitAnswers(2);
    assert.match(text(client), /HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 200/);
    client.close();
  });
  await t.test("HTTP/1.0 knows none", async () => {
    const client = await connect();
    client.send(get("/", "1.0"));
    await client.settle(300);
    assert.match(text(client), /^HTTP\/1\.1 200 OK\r\n/);
    client.close();
  });
});

test("trailers cross by name, and no other way", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const trailing =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n\r\n2\r\nok\r\n0\r\n" +
    "X-Checksum: \t1234 \r\nX-Other: no\r\nSSL_CLIENT_S_DN: CN=Mallory\r\nContent-Length: 5\r\nbroken\r\n\r\n";
  const backend = await recordingBackend(t, () => trailing);
  const target = `http://127.0.0.1:${backend.port}/`;
  const routes = [
    { prefix: "/named/", upstream: target, trailers: { request: ["X-Sum"], response: ["x-checksum"] } },
    { prefix: "/flask/", upstream: target },
  ];
  const { port } = await startGateway(t, { ...gatewayConfig(authority, backend.port), routes });
  const post = async (prefix: string) => {
    backend.forget();
    const client = await connectRaw({ port, identity: authority.grace });
    client.send(
      `POST ${prefix} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\n` +
        "X-Sum: 42\r\nX_Sum: no\r\nX-Other: no\r\nSSL_CLIENT_S_DN: CN=Mallory\r\n\r\n",
    );
    const [answer] = await client.awaitAnswers(1, "POST");
    client.close();
    return { answer: answer?.trailers, request: backend.requests()[0]?.trailers };
  };
  assert.deepEqual(await post("/named/"), { answer: ["X-Checksum: 1234"], request: ["X-Sum: 42"] });
  assert.deepEqual(await post("/flask/"), { answer: [], request: [] });
});
