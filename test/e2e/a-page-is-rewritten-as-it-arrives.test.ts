import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { brotliCompressSync, brotliDecompressSync, createGzip, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib"; // prettier-ignore
import { valuesOf } from "../support/message.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const page = "<!DOCTYPE html><a href='/x?a&amp;b'>é</a><img src=/y><script>'<a href=/x>'</script>";
const expected = page.replace("'/x?", "'/flask/x?").replace("src=/y", "src=/flask/y");
const chunk = (data: Buffer | string) => {
  const octets = Buffer.from(data as string);
  return Buffer.concat([Buffer.from(`${octets.length.toString(16)}\r\n`), octets, Buffer.from("\r\n")]);
};
const answer = (body: Buffer | string, ...lines: string[]) => {
  const octets = Buffer.from(body as string);
  const head = ["HTTP/1.1 200 OK", "Content-Type: text/html", ...lines, `Content-Length: ${octets.length}`, "", ""];
  return Buffer.concat([Buffer.from(head.join("\r\n")), octets]);
}; // prettier-ignore
const begun = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n";

test("a page is rewritten as it arrives", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  let respond: Parameters<typeof recordingBackend>[1] = () => answer(page);
  const backend = await recordingBackend(t, (request, socket) => respond?.(request, socket));
  const gateway = await startGateway(
    t,
    gatewayConfig(authority, backend.port, { route: { rewriteHtml: true, prefixHeader: "SCRIPT_NAME" } }),
  );
  const options = { port: gateway.port, identity: authority.grace };
  const send = async (method = "GET", ...lines: string[]) => {
    const client = await connectRaw(options);
    t.after(() => {
      client.close();
    });
    client.send([`${method} /flask/ HTTP/1.1`, "Host: localhost", ...lines, "", ""].join("\r\n"));
    return client;
  };
  const first = async (method = "GET", ...lines: string[]) => {
    const client = await send(method, ...lines);
    const [only] = await client.awaitAnswers(1, method);
    assert.ok(only);
    client.close();
    return only;
  };

  await t.test("its links lead under the prefix, and everything else is what it was", async () => {
    respond = () => answer(page, 'ETag: "a"', "Accept-Ranges: bytes", "Vary: Cookie");
    const got = await first();
    assert.equal(got.body.toString(), expected);
    assert.deepEqual(
      ["etag", "accept-ranges", "vary", "content-length"].map((name) => got.header(name)),
      ['W/"a"', "none", "Cookie", undefined],
    );
  });
  await t.test("each tag is passed on before the next one comes", async () => {
    let goOn: (() => void) | undefined;
    respond = (_, socket) => {
      socket.write(`${begun}\r\n`);
      socket.write(chunk("<a href=/one><a hr"));
      goOn = () => socket.write(Buffer.concat([chunk("ef=/two>"), Buffer.from("0\r\n\r\n")]));
      return undefined;
    };
    const client = await send();
    await client.settle(200);
    assert.match(client.received().toString(), /<a href=\/flask\/one>/);
    assert.doesNotMatch(client.received().toString(), /<a hr$/);
    goOn?.();
    const [got] = await client.awaitAnswers(1);
    assert.equal(got?.body.toString(), "<a href=/flask/one><a href=/flask/two>");
    client.close();
  });
  const codings = [["gzip", gzipSync, gunzipSync], ["br", brotliCompressSync, brotliDecompressSync], ["zstd", zstdCompressSync, zstdDecompressSync]] as const; // prettier-ignore
  for (const [name, encode, decode] of codings) {
    await t.test(`${name} is read, and written again`, async () => {
      respond = () => answer(encode(page), `Content-Encoding: ${name}`);
      const got = await first("GET", `Accept-Encoding: ${name}`);
      assert.equal(got.header("content-encoding"), name);
      assert.equal(decode(got.body).toString(), expected);
    });
  }
  await t.test("an encoded page arrives tag by tag as well", async () => {
    const gzip = createGzip({ flush: 2 });
    respond = (_, socket) => {
      socket.write(`${begun}Content-Encoding: gzip\r\n\r\n`);
      gzip.on("data", (piece: Buffer) => socket.write(chunk(piece)));
      gzip.write("<a href=/one>");
      return undefined;
    };
    const client = await send();
    await client.settle(300);
    const body = client.received().subarray(client.received().indexOf("\r\n\r\n") + 4);
    assert.ok(body.includes(Buffer.from([0x1f, 0x8b])), "the beginning of what is encoded has come");
    assert.ok(body.length > 25, "and something of the page");
    client.close();
    gzip.destroy();
  });
  await t.test("the upstream is asked only for codings that can be read, and told its prefix as it wants to be", async () => {
    backend.forget();
    respond = () => answer(page);
    await first("GET", "Accept-Encoding: gzip, dcb, br;q=0.5, *", "SCRIPT_NAME: /evil", "Script-Name: /evil");
    const lines = backend.requests()[0]?.lines ?? [];
    assert.deepEqual(valuesOf(lines, "accept-encoding"), ["gzip, br;q=0.5"]);
    assert.deepEqual(valuesOf(lines, "SCRIPT_NAME"), ["/flask"]);
    assert.deepEqual([...valuesOf(lines, "X-Forwarded-Prefix"), ...valuesOf(lines, "Script-Name")], []);
  }); // prettier-ignore
  await t.test("HEAD, 304, and answers without content", async () => {
    respond = () => 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "a"\r\nContent-Length: 100\r\n\r\n';
    const head = await first("HEAD");
    assert.deepEqual([head.header("etag"), head.header("content-length"), head.body.length], ['W/"a"', undefined, 0]);
    respond = () => 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n';
    assert.equal((await first("GET", 'If-None-Match: W/"a"')).header("etag"), 'W/"a"');
    assert.equal((await first("GET", 'If-None-Match: "a"')).header("etag"), '"a"');
    respond = () => answer("");
    assert.equal((await first()).header("content-length"), "0");
  }); // prettier-ignore
  await t.test("what is no whole page passes as it is", async () => {
    const passed: readonly (readonly [what: string, octets: string])[] = [
      ["JSON", 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: "a"\r\nContent-Length: 13\r\n\r\n"<a href=/x>"'],
      ["a range", "HTTP/1.1 206 Partial Content\r\nContent-Type: text/html\r\nContent-Range: bytes 0-10/99\r\nContent-Length: 11\r\n\r\n<a href=/x>"],
      ["a coding nobody knows", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: dcb\r\nContent-Length: 11\r\n\r\n<a href=/x>"],
      ["no-transform", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: no-transform\r\nContent-Length: 11\r\n\r\n<a href=/x>"],
      ["an event stream", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 21\r\n\r\ndata: <a href=/x>\r\n\r\n"],
    ];
    for (const [what, octets] of passed) {
      respond = () => octets;
      const got = await first();
      assert.equal(got.body.toString(), octets.slice(octets.indexOf("\r\n\r\n") + 4), what);
      assert.ok(got.header("content-length"), what);
    }
  }); // prettier-ignore

  const cut = async (what: string, encoded: Buffer | string, ...lines: string[]) => {
    await t.test(`${what} ends visibly, never like a whole page`, async () => {
      respond = (_, socket) => {
        socket.write([begun.slice(0, -2), ...lines, "", ""].join("\r\n"));
        socket.write(chunk(encoded));
        socket.write("0\r\n\r\n");
        return undefined;
      };
      const client = await send();
      await client.settle(2_000);
      assert.ok(client.ended(), "the connection is closed");
      assert.ok(!client.received().toString("latin1").endsWith("0\r\n\r\n"), "and there is no last chunk");
      await gateway.logged(({ detail }) => String(detail).startsWith("the body cannot be read"));
    });
  };
  const whole = gzipSync(page.repeat(1000));
  await cut("a gzip stream that breaks off", whole.subarray(0, whole.length - 20), "Content-Encoding: gzip");
  await cut("a gzip stream that is none", page, "Content-Encoding: gzip");
  await cut("a br stream that is none", page, "Content-Encoding: br");
  await t.test("an upstream that dies in the middle is seen to", async () => {
    respond = (_, socket) => {
      socket.write(`${begun}\r\n`);
      socket.write(chunk("<a href=/one><a hr"));
      setTimeout(() => socket.destroy(), 50);
      return undefined;
    };
    const client = await send();
    await client.settle(2_000);
    assert.ok(client.ended());
    assert.ok(!client.received().toString().includes("0\r\n\r\n"));
  });
  /** Sends a piece over and over, as fast as it is taken, and says how often that was. */
  const flood = (piece: Buffer, times: number, ...lines: string[]) => {
    const state = { sent: 0 };
    respond = (_, socket) => {
      socket.write([begun.slice(0, -2), ...lines, "", ""].join("\r\n"));
      const more = (): void => {
        while (state.sent < times && socket.writable) {
          state.sent += 1;
          if (socket.write(chunk(piece))) continue;
          socket.once("drain", more);
          return;
        }
        if (socket.writable) socket.write("0\r\n\r\n");
      };
      more();
      return undefined;
    };
    return state;
  };
  const memory = () =>
    Number(/VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${gateway.pid}/status`, "utf8"))?.[1]) / 1024;

  await t.test("what becomes large when it is decoded is never held as a whole", async () => {
    const before = memory();
    const piece = gzipSync(`<a href=/x>${" ".repeat(1_000_000)}`);
    flood(piece, 80, "Content-Encoding: gzip");
    const got = await first("GET", "Accept-Encoding: gzip");
    assert.equal(gunzipSync(got.body).length, 80 * 1_000_017);
    assert.ok(memory() - before < 60, `${memory() - before} MB more`);
  });
  await t.test("a client that does not read holds the upstream back", async () => {
    const before = memory();
    const state = flood(Buffer.from(`<a href=/x>${" ".repeat(1_000_000)}`), 400);
    const { cert, key } = authority.grace;
    const socket = connect({
      host: "127.0.0.1",
      port: gateway.port,
      servername: "localhost",
      rejectUnauthorized: false,
      cert,
      key,
    });
    await once(socket, "secureConnect");
    socket.pause();
    socket.write("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await sleep(1_500);
    assert.ok(state.sent > 0 && state.sent < 60, `${state.sent} MB were taken`);
    assert.ok(memory() - before < 60, `${memory() - before} MB more`);
    socket.destroy();
  });
  await t.test("and afterwards all is well", async () => {
    respond = () => answer(page);
    assert.equal((await first()).body.toString(), expected);
  });
});
