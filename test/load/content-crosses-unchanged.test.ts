import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const size = 32 * 1024 * 1024;
/** Longer than the sockets on the way can hide: whoever writes is held back meanwhile. */
const pause = 200;

/** @param slowly reads half of it, and the rest after a while */
async function digest(stream: Readable, slowly = false): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(
    stream,
    async function* (incoming: AsyncIterable<Buffer>) {
      let read = 0;
      for await (const piece of incoming) {
        const before = read;
        read += piece.length;
        if (slowly && before < size / 2 && read >= size / 2) await sleep(pause);
        yield piece;
      }
    },
    hash,
  );
  return hash.digest("hex");
}

test("content crosses unchanged", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const content = randomBytes(size);
  const expected = createHash("sha256").update(content).digest("hex");
  let release: () => void = () => undefined;
  const backends: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> = {
    "/up": async (request, response) => response.end(await digest(request)),
    "/up-slowly": async (request, response) => response.end(await digest(request, true)),
    "/down": (_, response) => response.writeHead(200, { "Content-Length": size }).end(content),
    "/down-chunked": (_, response) => Readable.from(slowPieces(content)).pipe(response),
    "/echo": (request, response) => request.pipe(response),
    "/events": (_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: first\n\n");
      release = () => response.end("data: last\n\n");
    },
  };
  const server = createServer((request, response) => void backends[request.url ?? ""]?.(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const agent = new Agent({ keepAlive: true });
  t.after(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = await startGateway(t, gatewayConfig(authority, (server.address() as AddressInfo).port));
  const ask = async (method: string, path: string, body?: Readable, length?: number) => {
    const outgoing = httpsRequest({
      ...{ host: "localhost", port, method, path: `/flask${path}`, agent, ca: authority.root.certificatePem },
      ...authority.grace,
      headers: length === undefined ? {} : { "Content-Length": length },
    });
    const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
    if (body) await pipeline(body, outgoing);
    else outgoing.end();
    return (await answered)[0];
  };
  const textOf = async (answer: Readable) => Buffer.concat((await answer.toArray()) as Buffer[]).toString();

  await t.test("32 MiB up, with a length, to a backend that stops reading for a while", async () => {
    const answer = await ask("POST", "/up-slowly", Readable.from(pieces(content)), size);
    assert.equal(await textOf(answer), expected);
  });
  await t.test("32 MiB up, in chunks, from a client that stops writing for a while", async () => {
    assert.equal(await textOf(await ask("PUT", "/up", Readable.from(slowPieces(content)))), expected);
  });
  await t.test("32 MiB down, with a length, to a client that stops reading for a while", async () => {
    const answer = await ask("GET", "/down");
    assert.equal(answer.headers["content-length"], String(size));
    assert.equal(await digest(answer, true), expected);
  });
  await t.test("32 MiB down, in chunks, from a backend that stops writing for a while", async () => {
    assert.equal(await digest(await ask("GET", "/down-chunked")), expected);
  });
  await t.test("32 MiB there and back at once", async () => {
    const outgoing = httpsRequest({
      ...{
        host: "localhost",
        port,
        method: "POST",
        path: "/flask/echo",
        agent,
        ca: authority.root.certificatePem,
      },
      ...authority.grace,
    });
    const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
    const sent = pipeline(Readable.from(pieces(content)), outgoing);
    const [answer] = await answered;
    assert.equal(await digest(answer), expected);
    await sent;
  });
  await t.test("an event arrives before its stream ends", async () => {
    const answer = await ask("GET", "/events");
    const events: AsyncIterator<Buffer> = answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    assert.equal(String((await events.next()).value), "data: first\n\n");
    release();
    assert.equal(String((await events.next()).value), "data: last\n\n");
    assert.equal((await events.next()).done, true);
  });
});

function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 65_000) yield content.subarray(at, at + 65_000);
}

async function* slowPieces(content: Buffer): AsyncGenerator<Buffer> {
  yield* pieces(content.subarray(0, size / 2));
  await sleep(pause);
  yield* pieces(content.subarray(size / 2));
}

test("answers arrive in the order of their requests, with the bodies that are theirs", async (t) => {
  const authority = await createTestAuthority(t);
  const answers: Readonly<Record<string, string>> = {
    "/plain": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain",
    "/late": "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate",
    "/chunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nchu\r\n4;x=y\r\nnked\r\n0\r\nX-Trailer: t\r\n\r\n",
    "/head": "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
    "/head-chunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "/204": "HTTP/1.1 204 No Content\r\n\r\n",
    "/304": "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 1000\r\n\r\n",
    "/empty": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "/interim": "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ninterim",
    "/close": "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
    "/1.0": "HTTP/1.0 200 OK\r\n\r\nold",
    "/no-reason": "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
    "/error": "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops",
  }; // prettier-ignore
  const backend = await recordingBackend(t, ({ target }, socket) => {
    const answer = answers[target] ?? "";
    if (target === "/late") {
      setTimeout(() => socket.write(answer), 100);
      return undefined;
    }
    const ends = target === "/close" || target === "/1.0";
    if (!ends) return answer;
    socket.end(answer);
    return undefined;
  });
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port));
  const exchanges: readonly (readonly [method: string, path: string, status: number, body: string])[] = [
    ["GET", "/late", 200, "late"],
    ["GET", "/plain", 200, "plain"],
    ["HEAD", "/head", 200, ""],
    ["POST", "/late", 200, "late"],
    ["HEAD", "/late", 200, ""],
    ["GET", "/204", 204, ""],
    ["GET", "/chunked", 200, "chunked"],
    ["HEAD", "/head-chunked", 200, ""],
    ["GET", "/304", 304, ""],
    ["POST", "/204", 204, ""],
    ["GET", "/empty", 200, ""],
    ["GET", "/close", 200, "until the end"],
    ["HEAD", "/close", 200, ""],
    ["GET", "/1.0", 200, "old"],
    ["GET", "/interim", 200, "interim"],
    ["DELETE", "/plain", 200, "plain"],
    ["GET", "/no-reason", 200, "ok"],
    ["GET", "/error", 500, "oops"],
    ["GET", "/plain", 200, "plain"],
  ];
  const head = (method: string, path: string) =>
    `${method} /flask${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const methods = exchanges.map(([method]) => method);
  const expected = exchanges.map(([, path, status, body]) => ({ path, status, body }));
  const seen = (received: readonly { status: number; text: string }[]) =>
    received.map(({ status, text }, at) => ({ path: exchanges[at]?.[1], status, body: text }));

  await t.test("one after the other on one connection", async () => {
    const client = await connectRaw({ port, identity: authority.grace });
    for (const [at, [method, path]] of exchanges.entries()) {
      client.send(head(method, path));
      await client.awaitAnswers(at + 1, ...methods);
    }
    assert.deepEqual(seen(client.answers(...methods)), expected);
    client.close();
  });
  await t.test("all of them sent at once", async () => {
    const client = await connectRaw({ port, identity: authority.grace });
    client.send(exchanges.map(([method, path]) => head(method, path)).join(""));
    assert.deepEqual(seen(await client.awaitAnswers(exchanges.length, ...methods)), expected);
    client.close();
  });
  await t.test("Content-Length of an answer to HEAD is the one the backend gave", async () => {
    const client = await connectRaw({ port, identity: authority.grace });
    client.send(head("HEAD", "/head"));
    const [answer] = await client.awaitAnswers(1, "HEAD");
    assert.equal(answer?.header("content-length"), "1000");
    client.close();
  });
});
