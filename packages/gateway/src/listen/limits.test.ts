import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect as connectTls } from "node:tls";
import { ownAnswer } from "../pages/own-answer.ts";
import { limits } from "./limits.ts";
import { listen, type Handlers, type Listener, type Tls } from "./listener.ts";
import { selfSigned } from "./testing/tls-server.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-limits-"));
selfSigned(folder, "server", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
const [certificate, key] = ["crt", "key"].map((kind) => readFileSync(join(folder, `server.${kind}`), "utf8"));
const credentials: Tls["credentials"] = {
  ...{ certificate: certificate ?? "", key: key ?? "", trusted: [], advertised: undefined },
  ...{ minVersion: "TLSv1.2", ciphers: undefined, resumption: true, insecureWeakKeys: false },
};

/** Fractions of what they are in earnest, and each another. */
const short = {
  ...limits,
  ...{
    proxyHeaderTimeout: 150,
    handshakeTimeout: 300,
    headersTimeout: 600,
    requestTimeout: 1_200,
    keepAliveTimeout: 200,
  },
  connectionsCheckingInterval: 50,
};
/** What a machine that is busy with other things adds at most, and Node's own second on top of keepAliveTimeout. */
const late = 2_500;

const failures: string[] = [];
const proxyRefusals: string[] = [];
const handlers: Handlers = {
  request: (req, res) => {
    req.body?.resume().on("error", () => undefined);
    if (req.method !== "GET") return;
    res.writeHead(200, "OK", ["Content-Length", "5"]);
    res.end("here\n");
  },
  connection: () => true,
  broken: ({ status, code }) => ownAnswer(status, "text", `${code}\n`),
  handshakeFailed: ({ reason }) => failures.push(reason),
  dropped: () => undefined,
  proxyRefused: ({ reason }) => proxyRefusals.push(reason),
};

type Cut = { readonly octets: string; readonly milliseconds: number };

/** What comes back until the connection ends, and how long that took. */
async function untilCut(socket: Socket, octets: string | Buffer, trickle?: string): Promise<Cut> {
  const started = performance.now();
  let received = "";
  socket.on("error", () => undefined).on("data", (part) => (received += part.toString("latin1")));
  if (octets.length > 0) socket.write(octets);
  const timer = setInterval(() => trickle !== undefined && socket.writable && socket.write(trickle), 50);
  try {
    await once(socket, "close", { signal: AbortSignal.timeout(10_000) });
  } finally {
    clearInterval(timer);
    socket.destroy();
  }
  return { octets: received, milliseconds: performance.now() - started };
}

const lasted = ({ milliseconds }: Cut, limit: number) => {
  assert.ok(milliseconds > limit * 0.9 && milliseconds < limit + late, `${milliseconds} ms, of ${limit}`);
};

after(() => {
  rmSync(folder, { recursive: true });
});

for (const fastPath of [false, true])
  describe(
    `a listener's patience${fastPath ? ", with the fast path" : ""}`,
    { timeout: 30_000, concurrency: true },
    () => {
      let listener: Listener;
      before(async () => {
        failures.length = proxyRefusals.length = 0;
        const address = { host: "127.0.0.1", port: 0 };
        const wanted = { mode: "https", address, strict: false, connections: 100, fastPath } as const;
        listener = await listen(wanted, { credentials, named: () => undefined }, handlers, short);
      });
      after(async () => {
        await listener.drain();
      });
      const tcp = () => connectTcp(listener.address.port, "127.0.0.1");
      const tls = async () => {
        const socket = connectTls({
          port: listener.address.port,
          host: "127.0.0.1",
          rejectUnauthorized: false,
        });
        await once(socket, "secureConnect");
        return socket;
      };

      it("ends with a client that never begins a handshake, and with one that stops in the middle", async () => {
        const hello = Buffer.from("160301020001000200", "hex");
        for (const cut of await Promise.all([untilCut(tcp(), ""), untilCut(tcp(), hello)]))
          lasted(cut, short.handshakeTimeout);
        assert.deepEqual(failures, ["timeout", "timeout"]);
      });

      it("ends with a client that says nothing, or never finishes a head though it goes on and on", async () => {
        const head = "GET / HTTP/1.1\r\nHost: x\r\n";
        const [silent, slow] = await Promise.all([
          untilCut(await tls(), ""),
          untilCut(await tls(), head, "A: b\r\n"),
        ]);
        for (const cut of [silent, slow]) lasted(cut, short.headersTimeout);
        assert.match(slow.octets, /^HTTP\/1\.1 408 [^]*request-timeout\n$/);
      });

      it("ends with a balancer that does not say whose connection it is, and looks no less behind its word", async (t) => {
        const wanted = {
          mode: "http",
          address: { host: "127.0.0.1", port: 0 },
          strict: false,
          connections: 9,
          fastPath,
        } as const;
        const proxied = await listen({ ...wanted, proxies: ["127.0.0.1"] }, undefined, handlers, short);
        t.after(proxied.drain);
        const header = Buffer.from("0d0a0d0a000d0a515549540a20000000", "hex");
        const reach = () => connectTcp(proxied.address.port, "127.0.0.1");
        const [none, half, slow] = await Promise.all([
          untilCut(reach(), ""),
          untilCut(reach(), header.subarray(0, 15)),
          untilCut(reach(), Buffer.concat([header, Buffer.from("GET / HTTP/1.1\r\n")]), "A: b\r\n"),
        ]);
        for (const cut of [none, half]) lasted(cut, short.proxyHeaderTimeout);
        assert.deepEqual(proxyRefusals, ["timeout", "timeout"]);
        lasted(slow, short.headersTimeout);
        assert.match(slow.octets, /^HTTP\/1\.1 408 /);
      });

      it("ends with a client that never finishes a body though it goes on and on", async () => {
        const head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";
        const cut = await untilCut(await tls(), head, "x");
        lasted(cut, short.requestTimeout);
        assert.match(cut.octets, /^HTTP\/1\.1 408 /);
      });

      it("ends with a client that was answered and asks for nothing more", async () => {
        const cut = await untilCut(await tls(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert.match(cut.octets, /^HTTP\/1\.1 200 /);
        lasted(cut, short.keepAliveTimeout);
      });

      it("has TCP ask whether a client is still there", { skip: process.platform !== "linux" }, async () => {
        const socket = await tls();
        assert.equal(await timerOf(socket), "02");
        socket.destroy();
      });

      it("is ten seconds for handshake and head, a minute between requests, five for a whole one", () => {
        const { handshakeTimeout, headersTimeout, keepAliveTimeout, requestTimeout, maxHeaderSize } = limits;
        const all = [handshakeTimeout, headersTimeout, keepAliveTimeout, requestTimeout, maxHeaderSize];
        assert.deepEqual(all, [10_000, 10_000, 60_000, 300_000, 16_384]);
      });
    },
  );

/** What runs for the server's end of a connection, as /proc/net/tcp has it: 00 nothing, 01 retransmission, 02 keep-alive. */
async function timerOf(socket: Socket): Promise<string | undefined> {
  const port = (of: number | undefined) => (of ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const ends = `:${port(socket.remotePort)} 0100007F:${port(socket.localPort)} 01 `;
  let timer: string | undefined;
  // What was sent last may have to be acknowledged first.
  for (let look = 0; look < 40 && timer !== "02"; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const lines = readFileSync("/proc/net/tcp", "utf8").split("\n");
    timer = / 01 \S+ (\d\d):/.exec(lines.find((each) => each.includes(ends)) ?? "")?.[1];
  }
  return timer;
}
