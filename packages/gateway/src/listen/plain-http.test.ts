import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";
import { ownAnswer } from "../pages/own-answer.ts";
import { answerPlainHttp } from "./plain-http.ts";
import { selfSigned, tlsServer } from "./testing/tls-server.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-plain-http-"));
after(() => {
  rmSync(folder, { recursive: true });
});
selfSigned(folder, "server", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");

const answer = ownAnswer(400, "text", "This port speaks HTTPS.\n");

/** A TLS server that answers whatever handshake fails. `open` counts its connections. */
async function answering(context: TestContext) {
  const codes: (string | undefined)[] = [];
  const addresses = new Set<string | undefined>();
  const { server, port, close } = await tlsServer(folder, (error, socket) => {
    codes.push(error.code);
    answerPlainHttp(socket, () => answer);
    addresses.add(socket.remoteAddress);
  });
  context.after(close);
  const open = () =>
    new Promise<number>((resolve) => {
      server.getConnections((_error, count) => {
        resolve(count);
      });
    });
  return { port, codes, addresses, open };
}

async function curl(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn("curl", ["-sS", "--max-time", "10", ...args]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += String(part)));
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

/** What comes back on a connection until it closes, and how long that took. */
async function told(port: number, begin: (socket: Socket) => void) {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const errors: string[] = [];
  let octets = "";
  socket.on("error", (error) => errors.push((error as NodeJS.ErrnoException).code ?? ""));
  socket.on("data", (part) => (octets += part.toString("latin1")));
  const started = performance.now();
  begin(socket);
  await new Promise((resolve) => socket.once("close", resolve));
  return { octets, errors, milliseconds: performance.now() - started };
}

const complete = /^HTTP\/1\.1 400 Bad Request\r\n(?:[^\r\n]+\r\n)+\r\nThis port speaks HTTPS\.\n$/;

async function until(condition: () => Promise<boolean>, within = 5_000): Promise<void> {
  for (const end = Date.now() + within; Date.now() < end;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("it does not come true");
}

describe("plain HTTP on a TLS port", { timeout: 30_000 }, () => {
  it("is answered, and the connection closed at once", async (context) => {
    const { port, codes, addresses, open } = await answering(context);
    for (const args of [[], ["-d", "a=b"], ["-X", "DELETE"], ["-X", "PROPFIND"], ["-I"], ["--http2"]]) {
      const { code, output } = await curl("-i", ...args, `http://127.0.0.1:${port}/x`);
      assert.equal(code, 0, output);
      assert.match(output, /^HTTP\/1\.1 400 Bad Request\r\n/);
    }
    assert.match((await curl(`http://127.0.0.1:${port}/`)).output, /^This port speaks HTTPS\.\n$/);
    await until(async () => (await open()) === 0, 1_000);
    assert.deepEqual(new Set(codes), new Set(["ERR_SSL_HTTP_REQUEST", "ERR_SSL_WRONG_VERSION_NUMBER"]));
    assert.deepEqual(addresses, new Set(["127.0.0.1"]), "the log can still name the client");
  });

  it("is answered to a proxy's CONNECT too, and to the preface of HTTP/2", async (context) => {
    const { port, codes } = await answering(context);
    const proxy = `http://127.0.0.1:${port}`;
    assert.match((await curl("-p", "-x", proxy, "https://example.org/")).output, /response 400/);
    const { octets } = await told(port, (socket) => socket.end("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    assert.match(octets, complete);
    assert.deepEqual(codes, ["ERR_SSL_HTTPS_PROXY_REQUEST", "ERR_SSL_WRONG_VERSION_NUMBER"]);
  });

  it("is answered though a large body is still on its way", async (context) => {
    const { port } = await answering(context);
    const body = Buffer.alloc(6_000_000, "x");
    for (let time = 0; time < 5; time += 1) {
      const { octets, errors } = await told(port, (socket) => {
        socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`);
        socket.end(body);
      });
      assert.deepEqual(errors, [], "no reset");
      assert.match(octets, complete);
    }
  });

  it("is not listened to for ever when it goes on and on", async (context) => {
    const { port, open } = await answering(context);
    let sent = 0;
    const { errors, milliseconds } = await told(port, (socket) => {
      socket.on("close", () => (sent = socket.bytesWritten));
      socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n");
      const more = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
      };
      socket.on("drain", more);
      more();
    });
    assert.ok(errors.length > 0 && milliseconds < 4_000, `${milliseconds} ms`);
    assert.ok(sent < 64_000_000, `${sent} octets`);
    await until(async () => (await open()) === 0);
  });

  it("is not listened to for ever when it stays silent after it was answered", async (context) => {
    const { port, open } = await answering(context);
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }).resume();
    context.after(() => socket.destroy());
    const started = performance.now();
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "end");
    assert.equal(await open(), 1);
    await until(async () => (await open()) === 0);
    const milliseconds = performance.now() - started;
    assert.ok(milliseconds > 1_500 && milliseconds < 4_000, `${milliseconds} ms`);
  });

  it("does no harm when the client resets", async (context) => {
    const { port, codes, open } = await answering(context);
    for (const wait of [0, 20]) {
      await told(port, (socket) => {
        socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        setTimeout(() => socket.resetAndDestroy(), wait);
      });
    }
    await until(async () => codes.length === 2 && (await open()) === 0);
  });

  it("is not what a client hears that has begun to speak TLS", async (context) => {
    const { port, codes } = await answering(context);
    // The wire gives the client's second flight a version that does not exist.
    let answered = "";
    const wire = createServer((client) => {
      const server = connect(port, "127.0.0.1").on("error", () => undefined);
      server.on("data", (part: Buffer) => (answered += part.toString("latin1")));
      server.pipe(client).on("error", () => undefined);
      let flights = 0;
      client.on("data", (part: Buffer) => {
        flights += 1;
        if (flights > 1) part[1] = 9;
        server.write(part);
      });
    });
    await once(wire.listen(0, "127.0.0.1"), "listening");
    const wired = (wire.address() as AddressInfo).port;
    const { code } = await curl("-k", `https://127.0.0.1:${wired}/`);
    wire.close();
    assert.notEqual(code, 0);
    assert.deepEqual(codes, ["ERR_SSL_WRONG_VERSION_NUMBER"]);
    assert.doesNotMatch(answered, /HTTP\/1\.1/);
  });
});

describe("TLS on a port that answers plain HTTP", { timeout: 30_000 }, () => {
  it("goes on as ever", async (context) => {
    const { port } = await answering(context);
    await curl(`http://127.0.0.1:${port}/`);
    assert.equal((await curl("-k", `https://127.0.0.1:${port}/`)).output, "over TLS\n");
  });
});
