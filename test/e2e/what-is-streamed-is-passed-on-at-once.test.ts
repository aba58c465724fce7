import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesOf } from "../support/message.ts";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend, type Respond } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

test("what is streamed is passed on at once", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  let respond: Respond = () => okAnswer;
  const backend = await recordingBackend(t, (request, socket) => respond(request, socket));
  const target = `http://127.0.0.1:${backend.port}/`;
  const gateway = await startGateway(t, {
    ...gatewayConfig(authority, backend.port),
    routes: [
      { prefix: "/flask/", upstream: target },
      { prefix: "/pages/", upstream: target, rewriteHtml: true },
    ],
  });
  const connect = () => connectRaw({ port: gateway.port, identity: authority.grace });

  for (const path of ["/flask/events", "/pages/events"]) {
    await t.test(`${path}: each event is there before the next is sent`, async () => {
      let send: ((event: string) => void) | undefined;
      respond = (_, socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        send = (event) => socket.write(event === "" ? "0\r\n\r\n" : chunk(event));
        return undefined;
      };
      const client = await connect();
      client.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
      const has = async (text: string) => {
        await waitUntil(() => client.received().includes(text), () => `no ${text}`); // prettier-ignore
      };
      await has("\r\n\r\n"); // the head too: before there is an event at all
      for (let number = 1; number <= 5; number += 1) {
        send?.(`id: ${number}\ndata: event ${number}\n\n`);
        await has(`data: event ${number}\n\n`);
      }
      send?.("");
      const [answer] = await client.awaitAnswers(1);
      assert.equal(answer?.header("content-length"), undefined);
      assert.equal(answer?.text, [1, 2, 3, 4, 5].map((n) => `id: ${n}\ndata: event ${n}\n\n`).join(""));
      client.close();
    }); // prettier-ignore
  }

  for (const [framing, first, second] of [
    ["Content-Length: 10", "first", "after"],
    ["Transfer-Encoding: chunked", chunk("first"), `${chunk("after")}0\r\n\r\n`],
  ] as const) {
    await t.test(`${framing}: the beginning of a body is there before the rest is sent`, async () => {
      respond = () => okAnswer;
      backend.forget();
      const client = await connect();
      client.send(`POST /flask/ HTTP/1.1\r\nHost: localhost\r\n${framing}\r\n\r\n${first}`);
      await waitUntil(() => backend.bytes().includes("first"), () => "the beginning is held back"); // prettier-ignore
      client.send(second);
      await client.awaitAnswers(1);
      client.close();
      const [request] = backend.requests();
      assert.equal(request?.body.toString(), "firstafter");
      assert.deepEqual(backend.leftovers(), []);
    });
  }

  await t.test("Expect: 100-continue is answered here, and the upstream hears nothing of it", async () => {
    for (const [framing, body] of [["Content-Length: 5", "hello"], ["Transfer-Encoding: chunked", `${chunk("hello")}0\r\n\r\n`]] as const) {
      respond = () => okAnswer;
      backend.forget();
      const client = await connect();
      client.send(`POST /flask/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n${framing}\r\n\r\n`);
      await waitUntil(() => client.received().includes("\r\n\r\n"), () => "nobody says 100 Continue");
      assert.equal(client.received().toString(), "HTTP/1.1 100 Continue\r\n\r\n", "and nothing else");
      client.send(body);
      const [answer] = await client.awaitAnswers(1, "POST");
      assert.equal(answer?.status, 200);
      client.close();
      const [request] = backend.requests();
      assert.ok(request);
      assert.deepEqual([request.body.toString(), valuesOf(request.lines, "expect")], ["hello", []]);
      assert.equal(client.received().toString().match(/100 Continue/g)?.length, 1, "once");
    }
  }); // prettier-ignore

  await t.test("an expectation that nobody can meet is refused", async () => {
    backend.forget();
    const client = await connect();
    client.send("POST /flask/ HTTP/1.1\r\nHost: localhost\r\nExpect: 200-ok\r\nContent-Length: 5\r\n\r\n");
    const [answer] = await client.awaitAnswers(1, "POST");
    assert.equal(answer?.status, 417);
    assert.equal(backend.bytes().length, 0);
    client.close();
  });
});
