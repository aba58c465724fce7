import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../support/ask.ts";
import { fold } from "../support/fold.ts";
import { valuesOf } from "../support/message.ts";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend, type Respond } from "../support/recording-backend.ts";
import { gatewayConfig, spawnGateway, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { acceptWebSocket, webSocketHandshake } from "../support/web-socket-octets.ts";

const request = (method: string, lines: readonly string[] = [], body = "") =>
  `${[`${method} /flask/ HTTP/1.1`, "Host: localhost", "Accept: text/plain", ...lines].join("\r\n")}\r\n\r\n${body}`;

async function start(t: TestContext, route: object, respond?: Respond) {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, respond);
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port, { route }));
  const options = { port: gateway.port, identity: authority.grace };
  const once = async (bytes: string, method = "GET") => {
    const client = await connectRaw(options);
    client.send(bytes);
    const [answer] = await client.awaitAnswers(1, method);
    client.close();
    assert.ok(answer);
    return answer;
  };
  return { authority, backend, gateway, options, once };
}

test("a body larger than maxBody is refused, however it is framed", { timeout: 30_000 }, async (t) => {
  const { backend, options, once } = await start(t, { maxBody: "1KiB" });
  const chunk = (length: number) => `${length.toString(16)}\r\n${"x".repeat(length)}\r\n`;

  await t.test("1024 octets pass, with a length and in chunks", async () => {
    const long = await once(request("POST", ["Content-Length: 1024"], "x".repeat(1024)), "POST");
    const chunked = await once(request("POST", ["Transfer-Encoding: chunked"], `${chunk(1000)}${chunk(24)}0\r\n\r\n`), "POST");
    assert.deepEqual([long.status, chunked.status], [200, 200]);
    assert.deepEqual(backend.requests().map(({ body }) => body.length), [1024, 1024]);
  }); // prettier-ignore

  await t.test("an announced length of 1025: 413, and the upstream hears nothing of it", async () => {
    backend.forget();
    const answer = await once(request("POST", ["Content-Length: 1025"], "x".repeat(1025)), "POST");
    assert.deepEqual([answer.status, answer.text.includes("content-too-large")], [413, true]);
    const expecting = await once(request("POST", ["Content-Length: 1025", "Expect: 100-continue"]), "POST");
    assert.equal(expecting.status, 413);
    assert.deepEqual(backend.requests(), []);
    assert.equal(backend.bytes().length, 0);
  });

  await t.test("1025 octets in chunks: 413, and the upstream has no whole request", async () => {
    backend.forget();
    const client = await connectRaw(options);
    client.send(request("POST", ["Transfer-Encoding: chunked"], `${chunk(1000)}${chunk(25)}0\r\n\r\n`));
    const [answer] = await client.awaitAnswers(1, "POST");
    assert.equal(answer?.status, 413);
    client.send(request("GET"));
    assert.equal((await client.awaitAnswers(2, "POST"))[1]?.status, 200);
    client.close();
    assert.deepEqual(backend.requests().map(({ method }) => method), ["GET"]);
  }); // prettier-ignore

  await t.test("whoever goes on sending is cut off", async () => {
    const client = await connectRaw(options);
    client.send(request("POST", ["Content-Length: 100000000"], "x".repeat(1000)));
    assert.equal((await client.awaitAnswers(1, "POST"))[0]?.status, 413);
    const started = performance.now();
    while (!client.ended() && performance.now() - started < 4_000) {
      client.send("x".repeat(1000));
      await sleep(50);
    }
    assert.ok(client.ended(), "still reading after 4 s");
  });
});

test("methods that a route does not name are refused, with those that it does", async (t) => {
  const { backend, once } = await start(t, { methods: ["GET", "POST"] });
  for (const method of ["GET", "HEAD", "POST"]) {
    assert.equal((await once(request(method), method)).status, 200, method);
  }
  backend.forget();
  for (const method of ["PUT", "DELETE", "OPTIONS", "PROPFIND", "TRACE"]) {
    const answer = await once(request(method));
    assert.equal(answer.status, 405, method);
    const allowed = method === "TRACE" ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" : "GET, HEAD, POST";
    assert.equal(answer.header("allow"), allowed);
  }
  assert.deepEqual(backend.requests(), []);
});

test("what belongs to RTSP is no request, whatever its label says", async (t) => {
  const { backend, options } = await start(t, {});
  for (const start of ["DESCRIBE /flask/ RTSP/1.0", "OPTIONS /flask/ RTSP/2.0", "GET / RTSP/1.0", "PLAY /flask/ HTTP/1.1", "GET /flask/ HTTP/1.2", "GET /flask/ HTTP/3.0"]) {
    const client = await connectRaw(options);
    const host = start === "GET / RTSP/1.0" ? "" : "Host: localhost\r\n";
    client.send(`${start}\r\n${host}\r\n`);
    const [answer] = await client.awaitAnswers(1);
    assert.ok(answer && answer.status >= 400 && answer.status < 500, `${start}: ${answer?.status ?? "nothing"}`);
    client.close();
  }
  assert.deepEqual(backend.requests(), []);
}); // prettier-ignore

test("lines are set and removed, and none of them can be identity", { timeout: 20_000 }, async (t) => {
  const answered = `HTTP/1.1 200 OK\r\nServer: secret/1.0\r\nX-Powered-By: me\r\nX-Frame-Options: ALLOW\r\nContent-Length: 2\r\n\r\nok`;
  const { authority, backend, once } = await start(
    t,
    {
      host: "app.internal:8080",
      requestHeaders: { set: { "X-Tenant": "flask" }, remove: ["Cookie"] },
      responseHeaders: { set: { "X-Frame-Options": "DENY" }, remove: ["server", "X-POWERED-BY"] },
    },
    () => answered,
  );
  const lines = ["Cookie: a=b", "X-Tenant: mallory", "x_tenant: mallory", "X.Tenant: mallory", "X-Other: stays"];
  const answer = await once(request("GET", lines));
  const [arrived] = backend.requests();
  assert.ok(arrived);
  assert.deepEqual(valuesOf(arrived.lines, "host"), ["app.internal:8080"]);
  assert.deepEqual(valuesOf(arrived.lines, "x-forwarded-host"), ["localhost"]);
  assert.deepEqual(arrived.lines.filter(([name]) => fold(name) === "x_tenant"), [["X-Tenant", "flask"]]);
  assert.deepEqual(valuesOf(arrived.lines, "cookie"), []);
  assert.deepEqual(valuesOf(arrived.lines, "x-other"), ["stays"]);
  assert.equal(backend.subjectLines().length, 1);
  assert.deepEqual(
    ["server", "x-powered-by", "x-frame-options"].map((name) => answer.header(name)),
    [undefined, undefined, "DENY"],
  );

  const config = gatewayConfig(authority, 1, { route: { requestHeaders: { set: { "SSL-Client-S-DN": "x" } } } });
  const refused = await spawnGateway(t, config);
  assert.equal(await refused.exited, 1);
  assert.match(refused.stderr(), /requestHeaders\.set\.SSL-Client-S-DN: carries identity/);
}); // prettier-ignore

test("host: upstream tells the upstream its own name", async (t) => {
  const { backend, once } = await start(t, { host: "upstream" });
  await once(request("GET"));
  assert.deepEqual(valuesOf(backend.requests()[0]?.lines ?? [], "host"), [`127.0.0.1:${backend.port}`]);
});

test("an upstream has the time that its route gives it", { timeout: 30_000 }, async (t) => {
  let respond: Respond = () => undefined;
  const timeouts = { firstByte: "400ms", idle: "600ms" };
  const { backend, options, once } = await start(t, { timeouts }, (arrived, socket) => respond(arrived, socket));
  const timed = async (bytes: string) => {
    const started = performance.now();
    const answer = await once(bytes);
    return { status: answer.status, text: answer.text, duration: performance.now() - started };
  };

  await t.test("silent: 504 after firstByte", async () => {
    const { status, text, duration } = await timed(request("GET"));
    assert.deepEqual([status, text.includes("upstream-timeout")], [504, true]);
    assert.ok(duration > 390 && duration < 1_500, `${duration} ms`);
  });
  await t.test("a head that comes octet by octet: 504 all the same", async () => {
    respond = (_, socket) => {
      let at = 0;
      const timer = setInterval(() => {
        if (socket.writable && at < okAnswer.length) socket.write(okAnswer.charAt(at++));
        else clearInterval(timer);
      }, 100);
      return undefined;
    };
    const { status, duration } = await timed(request("GET"));
    assert.equal(status, 504);
    assert.ok(duration < 2_000, `${duration} ms`);
  });
  await t.test("silent in the middle of the body: cut after idle", async () => {
    respond = () => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
    const client = await connectRaw(options);
    const started = performance.now();
    client.send(request("GET"));
    await client.settle(1_500);
    assert.ok(client.ended(), "still open");
    assert.ok(performance.now() - started > 590);
  });
  await t.test("does not read the body: 504, for it is not the client who stalls", async () => {
    respond = () => undefined;
    backend.disconnect();
    backend.forget();
    const client = await connectRaw(options);
    const body = Buffer.alloc(16 << 20, "x");
    client.send(request("POST", [`Content-Length: ${body.length}`]));
    while (backend.bytes().length === 0) await sleep(10);
    for (const { socket } of backend.connections) socket.pause();
    client.send(body);
    const [answer] = await client.awaitAnswers(1, "POST");
    assert.equal(answer?.status, 504);
    client.close();
  });
  await t.test("a client that stops in the middle of its body: 408", async () => {
    const client = await connectRaw(options);
    client.send(request("POST", ["Content-Length: 10"], "half"));
    const [answer] = await client.awaitAnswers(1, "POST");
    assert.equal(answer?.status, 408);
    client.close();
  });
}); // prettier-ignore

test("what is beyond the pool and its queue is told to come back", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const held: { socket: { write: (text: string) => unknown } }[] = [];
  const backend = await recordingBackend(t, (_, socket) => {
    held.push({ socket });
    return undefined;
  });
  const upstream = { targets: [`http://127.0.0.1:${backend.port}/`], connections: 2, queue: 1 };
  const route = { upstream, timeouts: { firstByte: "3s" } };
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port, { route }));
  const options = { port: gateway.port, identity: authority.grace };
  const clients = [];
  for (let count = 0; count < 3; count += 1) {
    const client = await connectRaw(options);
    client.send(request("GET"));
    clients.push(client);
    await sleep(100);
  }
  assert.equal(held.length, 2, "two connections, and one request waits");
  const beyond = await ask(options, { lines: ["Accept: text/plain"] });
  assert.deepEqual([beyond.status, beyond.header("retry-after")], [503, "1"]);
  assert.match(beyond.text, /upstream-busy/);

  // Whoever gives up makes room for the next one.
  clients.pop()?.close();
  await sleep(100);
  const waiting = await connectRaw(options);
  waiting.send(request("GET"));
  await sleep(100);
  for (const { socket } of held.splice(0)) socket.write(okAnswer);
  for (const client of clients) assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
  await waitUntil(
    () => held.length > 0,
    () => "the last one never arrived",
  );
  held[0]?.socket.write(okAnswer);
  assert.equal((await waiting.awaitAnswers(1))[0]?.status, 200);
  for (const client of [...clients, waiting]) client.close();
});

test("WebSockets leave the pool to those who come behind them", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, acceptWebSocket);
  const upstream = { targets: [`http://127.0.0.1:${backend.port}/`], connections: 1, queue: 0 };
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port, { route: { upstream } }));
  const options = { port: gateway.port, identity: authority.grace };
  const clients = [];
  for (let count = 0; count < 3; count += 1) {
    const client = await connectRaw(options);
    client.send(webSocketHandshake("/flask/"));
    assert.equal((await client.awaitAnswers(1))[0]?.status, 101);
    clients.push(client);
  }
  assert.equal((await ask(options)).status, 200);
  for (const client of clients) client.close();
});
