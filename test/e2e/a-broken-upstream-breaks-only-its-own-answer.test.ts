import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ask } from "../support/ask.ts";
import { connectRaw, type RawConnection } from "../support/raw-client.ts";
import { okAnswer, recordingBackend, type Respond } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n";
const ok = (lines: string, body = "hello") => `HTTP/1.1 200 OK\r\n${lines}\r\n\r\n${body}`;

/** Heads, and bodies that are known to be broken at once: there is no answer to pass on. */
const garbage: readonly (readonly [name: string, answer: string])[] = [
  ["no HTTP", "SSH-2.0-OpenSSH_9.6\r\n\r\n"],
  ["a request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["octets", "\x16\x03\x01\0\x05\r\n\r\n"],
  ["no version", "200 OK\r\n\r\n"],
  ["HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["http/1.1", "http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["status 000", "HTTP/1.1 000 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["status 099", "HTTP/1.1 099 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["status 600", "HTTP/1.1 600 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["status 20", "HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["status 2000", "HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["status -200", "HTTP/1.1 -200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["status +20", "HTTP/1.1 +20 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["status 2e2", "HTTP/1.1 2e2 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["no space before the status", "HTTP/1.1200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["two spaces before the status", "HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["a tab before the status", "HTTP/1.1\t200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["a tab behind the status", "HTTP/1.1 200\tOK\r\nContent-Length: 5\r\n\r\nhello"],
  ["no space behind the status", "HTTP/1.1 200OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["a space before the version", " HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["an empty line first", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["LF first", "\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["nothing but empty lines", "\r\n\r\n\r\n\r\n"],
  ["HTTP/1.10", "HTTP/1.10 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["HTTP/0.9", "hello\r\n\r\n"],
  ["the octets of HTTP/2", "\0\0\x12\x04\0\0\0\0\0\r\n\r\n"],
  ["NUL in the reason", "HTTP/1.1 200 O\0K\r\nContent-Length: 5\r\n\r\nhello"],
  ["bare CR in the reason", "HTTP/1.1 200 OK\rSet-Cookie: x=y\r\nContent-Length: 5\r\n\r\nhello"],
  ["bare LF in the reason", "HTTP/1.1 200 OK\nSet-Cookie: x=y\r\nContent-Length: 5\r\n\r\nhello"],
  ["no status", "HTTP/1.1 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["a control in the reason", "HTTP/1.1 200 O\x01K\r\nContent-Length: 5\r\n\r\nhello"],
  ["DEL in the reason", "HTTP/1.1 200 O\x7fK\r\nContent-Length: 5\r\n\r\nhello"],
  ["101 unasked", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"],
  ["space before the colon", ok("Content-Length : 5")],
  ["a continuation line", ok("X-A: a\r\n b\r\nContent-Length: 5")],
  ["a continuation line with a tab", ok("X-A: a\r\n\tb\r\nContent-Length: 5")],
  ["a continuation of the framing", ok("Content-Length:\r\n 5")],
  ["a continuation line first", ok(" X-A: a\r\nContent-Length: 5")],
  ["tab before the colon", ok("Transfer-Encoding\t: chunked", "5\r\nhello\r\n0\r\n\r\n")],
  ["a name that is no token in a hint", `HTTP/1.1 103 Early Hints\r\nX A: x=y\r\n\r\n${okAnswer}`],
  ["a control in a hint", `HTTP/1.1 103 Early Hints\r\nX-A: a\rSet-Cookie: x=y\r\n\r\n${okAnswer}`],
  ["a name in brackets", ok("(X-A): a\r\nContent-Length: 5")],
  ["CR CR LF", ok("X-A: a\r\r\nContent-Length: 5")],
  ["DEL in a value", ok("X-A: a\x7fb\r\nContent-Length: 5")],
  ["no colon", ok("nonsense\r\nContent-Length: 5")],
  ["an empty name", ok(": x\r\nContent-Length: 5")],
  ["NUL in a value", ok("X-A: a\0b\r\nContent-Length: 5")],
  ["a control in a value", ok("X-A: a\x1bb\r\nContent-Length: 5")],
  ["bare CR in a value", ok("X-A: a\rSet-Cookie: x=y\r\nContent-Length: 5")],
  ["bare LF in a value", ok("X-A: a\nSet-Cookie: x=y\r\nContent-Length: 5")],
  ["bare LF everywhere", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"],
  ["a name beyond ASCII", ok("X-\xc4: a\r\nContent-Length: 5")],
  ...["-5", "+5", "0x5", "5, 5", "5, 6", "5,", "5 5", "5;", "5.0", "5e0", '"5"', "five", "", "\xb25", "99999999999999999999", "0000000000000005"].map(
    (value) => [`Content-Length: ${JSON.stringify(value)}`, ok(`Content-Length: ${value}`)] as const,
  ),
  ["Content-Length twice", ok("Content-Length: 5\r\nContent-Length: 6")],
  ["Content-Length twice the same", ok("Content-Length: 5\r\nContent-Length: 5")],
  ["Content-Length twice in two cases", ok("content-length: 5\r\nCONTENT-LENGTH: 6")],
  ["both framings", ok("Content-Length: 5\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")],
  ["both framings, the other way", ok("Transfer-Encoding: chunked\r\nContent-Length: 5", "5\r\nhello\r\n0\r\n\r\n")],
  ...["gzip", "identity", "gzip, chunked", "chunked, gzip", "chunked, chunked", ", chunked", "chunked,", "", "xchunked", "chunked;q=1", '"chunked"', "chunked chunked", "\xa0chunked"].map(
    (coding) => [`Transfer-Encoding: ${JSON.stringify(coding)}`, ok(`Transfer-Encoding: ${coding}`, "5\r\nhello\r\n0\r\n\r\n")] as const,
  ),
  ["Transfer-Encoding twice", ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")],
  ["Transfer-Encoding chunked and identity", ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "5\r\nhello\r\n0\r\n\r\n")],
  ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
  ["a head of 40 KB", ok(`X-A: ${"a".repeat(40_000)}\r\nContent-Length: 5`)],
  ["a head of a megabyte without an end", `HTTP/1.1 200 OK\r\nX-A: ${"a".repeat(1 << 20)}`],
  ["interim answers without an end", "HTTP/1.1 100 Continue\r\n\r\n".repeat(100)],
]; // prettier-ignore

/** Answers that break off after their head: whoever reads them must see the cut. */
const cuts: readonly (readonly [name: string, answer: string])[] = [
  ["in a body with a length", ok("Content-Length: 10")],
  ["in a chunk", ok("Transfer-Encoding: chunked", "a\r\nhello")],
  ["between chunks", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n")],
  ["before the last CRLF", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n")],
  ["by a broken chunk size", ok("Transfer-Encoding: chunked", "5\r\nhello\r\nzz\r\n")],
  ["by a chunk size that overflows", ok("Transfer-Encoding: chunked", "5\r\nhello\r\nfffffffffffffffff\r\n")],
  ...["", " 5", "5 ", "-1", "+5", "0x5", "5_", "5 x", "5\0", "5\n", "5\r", "5\r\r", "5;a\n", "5;a\0"].map(
    (size) => [`by a chunk size of ${JSON.stringify(size)}`, ok("Transfer-Encoding: chunked", `5\r\nhello\r\n${size}\r\nhello\r\n0\r\n\r\n`)] as const,
  ),
  ["by a size ended by LF", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n5\nhello\r\n0\r\n\r\n")],
  ["by a size ended by CR and another octet", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n5\rXhello\r\n0\r\n\r\n")],
  ["by a chunk ended by another octet and LF", ok("Transfer-Encoding: chunked", "5\r\nhelloX\n0\r\n\r\n")],
  ["by a chunk ended by CR and another octet", ok("Transfer-Encoding: chunked", "5\r\nhello\rX0\r\n\r\n")],
  ["by a last line ended by CR and another octet", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\rX")],
  ["by a trailer ended by CR and another octet", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\nX-A: a\rX\r\n\r\n")],
  ["by a last line ended by LF", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\n")],
  ["by a trailer ended by LF", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\nX-A: a\n\r\n")],
  ["by a chunk without its CRLF", ok("Transfer-Encoding: chunked", "5\r\nhelloXX")],
  ["by a chunk ended by LF", ok("Transfer-Encoding: chunked", "5\r\nhello\n0\r\n\r\n")],
  ["by an endless extension", ok("Transfer-Encoding: chunked", `5\r\nhello\r\n5;${"x".repeat(40_000)}\r\nhello\r\n0\r\n\r\n`)],
  ["by endless trailers", ok("Transfer-Encoding: chunked", `5\r\nhello\r\n0\r\n${"X-A: a\r\n".repeat(9000)}\r\n`)],
]; // prettier-ignore

test("a broken upstream breaks only its own answer", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  let respond: Respond = () => okAnswer;
  const backend = await recordingBackend(t, (request, socket) => respond(request, socket));
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  const options = { port: gateway.port, identity: authority.grace };
  let honest: RawConnection | undefined;
  /** On a connection of its own, a new one from time to time: answers add up. */
  const nextIsFine = async () => {
    respond = () => okAnswer;
    if (honest === undefined || honest.answers().length > 20) {
      honest?.close();
      honest = await connectRaw(options);
    }
    const before = honest.answers().length;
    honest.send(get);
    const answer = (await honest.awaitAnswers(before + 1)).at(-1);
    assert.deepEqual([answer?.status, answer?.text], [200, "ok\n"], "the next exchange is not its own");
  };

  for (const [name, octets] of garbage) {
    await t.test(`garbage: ${name} -> 502`, async () => {
      respond = () => octets;
      const client = await connectRaw(options);
      client.send(get);
      const [answer] = await client.awaitAnswers(1);
      assert.equal(answer?.status, 502);
      assert.match(answer.text, /upstream-invalid/);
      assert.doesNotMatch(client.received().toString("latin1"), /x=y|hello/);
      client.close();
      await nextIsFine();
    });
  }

  for (const [name, octets] of cuts) {
    await t.test(`cut ${name}: the client sees it`, async () => {
      respond = (_, socket) => {
        socket.end(octets, "latin1");
        return undefined;
      };
      const client = await connectRaw(options);
      client.send(get);
      await client.settle(2000);
      assert.ok(client.ended(), "the connection is still open");
      const text = client.received().toString("latin1");
      const whole = text.endsWith("\r\n0\r\n\r\n") || /^HTTP\/1\.1 200 [^]*Content-Length: 5\r\n/i.test(text);
      assert.ok(!whole, `passed off as complete: ${text}`);
      await nextIsFine();
    });
  }

  for (const [name, extra] of [
    ["octets", "extra"],
    ["a whole answer", ok("Content-Length: 6", "poison")],
    ["an answer that comes late", ""],
  ] as const) {
    await t.test(`${name} behind an answer: nobody gets it`, async () => {
      respond = (_, socket) => {
        socket.write(okAnswer + extra);
        if (extra === "") setTimeout(() => socket.write(ok("Content-Length: 6", "poison")), 20);
        return undefined;
      };
      const client = await connectRaw(options);
      client.send(get);
      await client.awaitAnswers(1);
      await delay(40);
      respond = () => okAnswer;
      for (let count = 2; count <= 4; count += 1) {
        client.send(get);
        await client.awaitAnswers(count);
      }
      assert.deepEqual(client.answers().map(({ text }) => text), ["ok\n", "ok\n", "ok\n", "ok\n"]); // prettier-ignore
      client.close();
    });
  }

  await t.test("closed without a word -> 502", async () => {
    respond = (_, socket) => {
      socket.destroy();
      return undefined;
    };
    const answer = await ask(options, { lines: ["Accept: text/plain"] });
    assert.equal(answer.status, 502);
    await nextIsFine();
  });

  await t.test(
    "an answer before the request is whole is passed on, and the connection is not used again",
    async () => {
      const client = await connectRaw(options);
      client.send("POST /flask/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
      await delay(50);
      const open = backend.connections.findLast((connection) => connection.open());
      open?.socket.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
      const [answer] = await client.awaitAnswers(1);
      assert.deepEqual([answer?.status, answer?.text], [413, "big"]);
      client.close();
      await delay(50);
      assert.equal(open?.open(), false, "the connection is still in the pool");
      await nextIsFine();
    },
  );

  honest?.close();
  await t.test("and nothing of it was a bug to the gateway", () => {
    assert.deepEqual(
      gateway.log.filter(({ level }) => level === "error"),
      [],
    );
    assert.equal(gateway.stderr(), "");
  });
});

test(
  "an upstream that is down is said to be down, at once, and is back at once",
  { timeout: 20_000 },
  async (t) => {
    const authority = await createTestAuthority(t);
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port: free } = holder.address() as AddressInfo;
    holder.close();
    await once(holder, "close");
    const { port } = await startGateway(t, gatewayConfig(authority, free));
    const options = { port, identity: authority.grace };
    await ask(options); // the first exchange of a process is slower than any other
    const started = performance.now();
    const answer = await ask(options, { lines: ["Accept: text/plain"] });
    assert.equal(answer.status, 502);
    assert.match(answer.text, /upstream-unreachable/);
    assert.ok(performance.now() - started < 2_000, "it was not said at once");
    const back = createServer((socket) => socket.on("data", () => socket.end(okAnswer))).listen(
      free,
      "127.0.0.1",
    );
    await once(back, "listening");
    t.after(() => back.close());
    assert.equal((await ask(options)).status, 200);
  },
);
