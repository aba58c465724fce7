import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { local, proxied, proxyHeader } from "../support/proxied.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const get =
  "GET /flask/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n";

/** Sends octets, in pieces where there are several, and gives the connection. */
async function begin(port: number, ...pieces: readonly Buffer[]): Promise<Socket> {
  const socket = connectPlain(port, "127.0.0.1").on("error", () => undefined);
  await once(socket, "connect");
  socket.setNoDelay(true);
  for (const piece of pieces) {
    socket.write(piece);
    if (pieces.length > 1) await delay(2);
  }
  return socket;
}

async function allOf(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (part) => (text += String(part))).on("error", () => undefined);
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
}

test("a balancer says whose connection it is, and nobody else does", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const proxyProtocol = { from: ["127.0.0.0/8"] };
  const config = gatewayConfig(authority, backend.port, { metrics: { port: 0 } });
  const [listener] = config["listen"] as readonly Readonly<Record<string, unknown>>[];
  const plain = { host: "127.0.0.1", port: 0, mode: "http" };
  const gateway = await startGateway(t, {
    ...config,
    listen: [
      { ...listener, proxyProtocol },
      { ...plain, proxyProtocol },
      { ...listener, proxyProtocol: { from: ["192.0.2.0/24", "2001:db8::/32"] } },
      { ...listener },
    ],
    clients: { authorities: [authority.rootFile], presence: "optional" },
  });
  const listening = () => gateway.log.filter(({ msg }) => msg === "listening");
  await waitUntil(() => listening().length === 4, () => "it does not listen four times"); // prettier-ignore
  const ports = listening().map(({ port }) => Number(port));
  const [port = 0, plainPort = 0, strangers = 0, open = 0] = ports;
  const overTls = async (...pieces: readonly Buffer[]) => {
    const socket = await begin(port, ...pieces);
    const client = connectTls({
      socket,
      servername: "localhost",
      rejectUnauthorized: false,
      ...authority.grace,
    });
    client.write(get);
    return allOf(client);
  };
  const lastRequest = () => {
    const { lines = [] } = backend.requests().at(-1) ?? {};
    return (name: string) => lines.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value).join();
  }; // prettier-ignore

  await t.test("over TLS the client's address is in X-Forwarded-For, Forwarded and the log", async () => {
    for (const [address, shown, forwarded] of [
      ["192.0.2.7", "192.0.2.7", "192.0.2.7"],
      ["2001:db8:0:0:0:0:0:7", "2001:db8::7", '"[2001:db8::7]"'],
      ["0:0:0:0:0:ffff:c000:207", "192.0.2.7", "192.0.2.7"],
    ] as const) {
      assert.match(await overTls(proxied(address)), /^HTTP\/1\.1 200 /);
      const line = lastRequest();
      assert.equal(line("x-forwarded-for"), shown);
      assert.equal(line("forwarded"), `for=${forwarded};host="localhost";proto=https`);
      assert.equal(line("ssl_client_s_dn"), graceSubject);
      assert.ok(await gateway.logged((each) => each["path"] === "/flask/" && each["address"] === shown));
    }
  });

  await t.test(
    "cut anywhere, the header and the handshake behind it are read as if they had come whole",
    async () => {
      const header = proxied("192.0.2.7");
      for (let at = 1; at < header.length; at += 1)
        assert.match(
          await overTls(header.subarray(0, at), header.subarray(at)),
          /^HTTP\/1\.1 200 /,
          `at ${at}`,
        );
      assert.match(await overTls(...Array.from(header, (octet) => Buffer.from([octet]))), /^HTTP\/1\.1 200 /);
    },
  );

  await t.test("in one breath with the request, without TLS", async () => {
    backend.forget();
    const answer = await allOf(
      await begin(plainPort, Buffer.concat([proxied("192.0.2.8"), Buffer.from(get)])),
    );
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.equal(lastRequest()("x-forwarded-for"), "192.0.2.8");
    const text = Buffer.concat([proxied("192.0.2.9"), Buffer.from(get)]);
    for (const at of [10, 28, 29, text.length - 1]) {
      const pieces = await begin(plainPort, text.subarray(0, at), text.subarray(at));
      assert.match(await allOf(pieces), /^HTTP\/1\.1 200 /, `at ${at}`);
      assert.equal(lastRequest()("x-forwarded-for"), "192.0.2.9");
    }
  });

  await t.test(
    "a connection of the balancer's own, or of nobody it knows, has the balancer's address",
    async () => {
      for (const header of [local, proxyHeader(0x21, 0x00, Buffer.alloc(0))]) {
        assert.match(await overTls(header), /^HTTP\/1\.1 200 /);
        assert.equal(lastRequest()("x-forwarded-for"), "127.0.0.1");
      }
    },
  );

  await t.test("what goes wrong behind the header is told of the client", async () => {
    const socket = await begin(port, proxied("192.0.2.66"), Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    assert.match(await allOf(socket), /^HTTP\/1\.1 400 /);
    (await begin(port, proxied("192.0.2.67"), Buffer.from("16030100050100000100", "hex"))).end();
    assert.ok(await gateway.logged(({ msg, address }) => msg === "no request" && address === "192.0.2.66"));
    assert.ok(
      await gateway.logged(({ msg, address }) => msg === "handshake failed" && address === "192.0.2.67"),
    );
  });

  await t.test("without a header that counts nobody gets in, and it is told and counted", async () => {
    backend.forget();
    const metrics = await metricsPortOf(gateway);
    const refusals = {
      "does not begin with a PROXY header": Buffer.from("160301", "hex"),
      "version 1": Buffer.from("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n"),
      "not TCP over IPv4 or IPv6": proxyHeader(0x21, 0x31, Buffer.alloc(216)),
      "more than 4096": proxyHeader(0x21, 0x11, Buffer.alloc(12), 65_535),
    };
    for (const [detail, octets] of Object.entries(refusals)) {
      for (const to of [port, plainPort]) {
        assert.equal(await allOf(await begin(to, Buffer.concat([octets, Buffer.from(get)]))), "");
      }
      const line = await gateway.logged((each) => String(each["detail"]).includes(detail));
      assert.deepEqual([line["msg"], line["reason"], line["address"]], ["connection refused", "invalid", "127.0.0.1"]);
    }
    assert.equal(await allOf(await begin(strangers, proxied("192.0.2.7"))), "", "not one whose word is taken");
    assert.equal((await gateway.logged(({ reason }) => reason === "untrusted"))["address"], "127.0.0.1");
    await allOf((await begin(port)).end());
    const figures = await scrape(metrics);
    const found = ["untrusted", "invalid", "closed"].map((reason) => figures(`sallyport_proxy_refusals_total{reason="${reason}"}`));
    assert.deepEqual(found, [1, 8, 1]);
    assert.ok(!gateway.log.some(({ reason }) => reason === "closed"), "a balancer that only looks is no news");
    assert.equal(backend.requests().length, 0);
  }); // prettier-ignore

  await t.test("a listener that asks for none takes none", async () => {
    const socket = await begin(open, proxied("192.0.2.77"));
    assert.match(await allOf(socket), /^HTTP\/1\.1 400 /);
    assert.ok(!gateway.log.some(({ address }) => address === "192.0.2.77"));
  });

  await t.test("it drains: who has not said whose connection it is keeps nobody", async () => {
    await begin(port);
    const started = performance.now();
    assert.equal(await gateway.stop(), 0);
    assert.ok(performance.now() - started < 3_000);
    assert.equal(gateway.stderr(), "");
  });
});
