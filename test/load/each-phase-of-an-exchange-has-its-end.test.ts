import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend, type Respond } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n`;
const post = (path: string, framing: string) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n${framing}\r\n\r\n`;

test("each phase of an exchange has its end", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  let respond: Respond = () => okAnswer;
  const backend = await recordingBackend(t, (request, socket) => respond(request, socket));
  const target = `http://127.0.0.1:${backend.port}/`;
  const mute = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  await once(mute, "listening");
  t.after(() => mute.close());
  const narrow = { targets: [target], connections: 1, queue: 5 };
  const gateway = await startGateway(t, {
    ...gatewayConfig(authority, backend.port),
    routes: [
      { prefix: "/flask/", upstream: target },
      { prefix: "/narrow/", upstream: narrow },
      { prefix: "/hasty/", upstream: narrow, timeouts: { firstByte: "400ms" } },
      {
        prefix: "/mute/",
        upstream: `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`,
        timeouts: { connect: "400ms" },
      },
    ],
  });
  const options = { port: gateway.port, identity: authority.grace };
  /** Starts a request that its backend does not answer, or not to the end. */
  const hold = async (path: string, beginning?: string) => {
    respond = () => beginning;
    backend.disconnect();
    backend.forget();
    const client = await connectRaw(options);
    client.send(get(path));
    await waitUntil(() => backend.requests().length === 1, () => "the first never came"); // prettier-ignore
    return client;
  };
  const nextIsFine = async (path: string) => {
    respond = () => okAnswer;
    assert.equal((await ask(options, { path })).status, 200);
  };

  await t.test("no connection within `connect`: 502, and why", async () => {
    const started = performance.now();
    const answer = await ask(options, { path: "/mute/", lines: ["Accept: text/plain"] });
    assert.equal(answer.status, 502);
    assert.match(answer.text, /upstream-unreachable/);
    assert.ok(performance.now() - started > 390, "it was not given its time");
    const line = await gateway.logged(({ path }) => path === "/mute/");
    assert.match(String(line["detail"]), /no connection within 400 ms/);
  });

  await t.test("no connection free within `firstByte`: 503, and when to come again", async () => {
    const first = await hold("/hasty/first", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    const second = await ask(options, { path: "/hasty/second", lines: ["Accept: text/plain"] });
    assert.equal(second.status, 503);
    assert.match(second.text, /upstream-busy/);
    assert.ok(Number(second.header("retry-after")) > 0);
    const line = await gateway.logged(({ path }) => path === "/hasty/second");
    assert.match(String(line["detail"]), /no connection was free within 400 ms/);
    first.close();
    await nextIsFine("/hasty/");
  });

  await t.test("clients that leave the queue are never heard of at the upstream", async () => {
    const first = await hold("/narrow/first");
    const waiting = await Promise.all([1, 2, 3, 4, 5].map(() => connectRaw(options)));
    for (const client of waiting) client.send(get("/narrow/waiting"));
    const beyond = async () => (await ask(options, { path: "/narrow/beyond" })).status;
    assert.equal(await beyond(), 503, "the queue is not full");
    for (const client of waiting) client.close();
    const left = () => gateway.log.filter(({ path, status }) => path === "/narrow/waiting" && status === 499);
    await waitUntil(() => left().length === 5, () => `${left().length} of 5 have left the queue`, 2_500);
    const last = await connectRaw(options);
    last.send(get("/narrow/last"));
    respond = () => okAnswer;
    backend.connections.find((connection) => connection.open())?.socket.write(okAnswer);
    for (const client of [first, last]) {
      assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
      client.close();
    }
    assert.deepEqual(backend.requests().map(({ target }) => target), ["/first", "/last"]);
  }); // prettier-ignore

  for (const framing of ["Content-Length: 1000000", "Transfer-Encoding: chunked"]) {
    const beginning = framing.startsWith("Content") ? "beginning" : "9\r\nbeginning\r\n";
    /** An upload whose beginning has arrived. */
    const upload = async () => {
      backend.disconnect();
      backend.forget();
      const client = await connectRaw(options);
      client.send(post("/flask/", framing) + beginning);
      await waitUntil(() => backend.bytes().includes("beginning"), () => "nothing arrived"); // prettier-ignore
      const socket = backend.connections.find((connection) => connection.open())?.socket;
      assert.ok(socket);
      return { client, socket };
    };

    for (const way of ["destroy", "resetAndDestroy"] as const) {
      await t.test(`${framing}: the upstream dies (${way}) in the upload: 502`, async () => {
        const { client, socket } = await upload();
        socket[way]();
        const [answer] = await client.awaitAnswers(1);
        assert.equal(answer?.status, 502);
        assert.match(answer.text, /upstream-invalid/);
        client.close();
        await nextIsFine("/flask/");
      });
    }
    await t.test(`${framing}: it dies in its answer while the upload goes on: cut`, async () => {
      const { client, socket } = await upload();
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
      await waitUntil(() => client.received().includes("half"), () => "its beginning is held back"); // prettier-ignore
      socket.destroy();
      await waitUntil(() => client.ended(), () => "still open", 2_500); // prettier-ignore
      assert.ok(client.received().toString().endsWith("half"));
      await nextIsFine("/flask/");
    });
  }

  await t.test("and nothing of it was a bug to the gateway", () => {
    assert.equal(gateway.stderr(), "");
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []); // prettier-ignore
  });
});
