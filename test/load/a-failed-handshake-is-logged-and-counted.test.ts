import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, type ConnectionOptions } from "node:tls";
import { ask } from "../support/ask.ts";
import { connectRaw } from "../support/raw-client.ts";
import { rawExchange } from "../support/raw-exchange.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { runCurl } from "../support/run-curl.ts";
import { gatewayConfig, startGateway, type RunningGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { tamperingWire } from "../support/tampering-wire.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

type Attempt = (port: number) => Promise<unknown>;

const handshake = 22;
const certificateVerify = 15;
const hello = Buffer.from("16030100f8010000f40303", "hex");

/** A handshake of Node's, until it is over one way or the other. */
const tls =
  (options: ConnectionOptions): Attempt =>
  (port) =>
    new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
      socket.on("error", () => undefined).on("close", resolve);
      // In TLS 1.3 the client has finished before the server has refused.
      socket.on("secureConnect", () => setTimeout(() => socket.destroy(), 200));
    });

test("a failed handshake is logged and counted", { timeout: 90_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const stranger = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const start = (listen: object, clients: object = {}) =>
    startGateway(t, gatewayConfig(authority, backend.port, { listen, clients, metrics: { port: 0 } }));
  const gateway = await start({});
  const strict = await start({ onBadCertificate: "abort" });
  const aborting = await start({ onBadCertificate: "abort" }, { presence: "optional" });
  const failures = (line: Readonly<Record<string, unknown>>) =>
    line["msg"] === "handshake failed" || line["msg"] === "handshake refused";
  const counted = async (of: RunningGateway, reason: string) => {
    const figures = await scrape(await metricsPortOf(of));
    return figures(`sallyport_handshake_failures_total{reason="${reason}"}`) || 0;
  };
  const spoilt: Attempt = async (port) => {
    const last = (record: Buffer) => {
      if (record[0] === handshake && record[5] === certificateVerify)
        record[record.length - 1] = (record.at(-1) ?? 0) ^ 0x7f;
    };
    const wired = await tamperingWire(t, port, last);
    await tls({ ...authority.grace, maxVersion: "TLSv1.2" })(wired);
  };

  // The one that takes ten seconds waits beside the others.
  const silences = Promise.all([rawExchange(strict.port, "", "wait", 14_000), rawExchange(strict.port, hello, "wait", 14_000)]); // prettier-ignore

  const cases: readonly (readonly [name: string, of: RunningGateway, reason: string, attempt: Attempt])[] = [
    ["no cipher in common", gateway, "no-shared-cipher", tls({ ciphers: "ECDHE-RSA-AES128-GCM-SHA256", maxVersion: "TLSv1.2" })],
    ["no signature algorithm in common", gateway, "no-shared-cipher", tls({ sigalgs: "rsa_pss_rsae_sha256" })],
    ["no protocol in common", gateway, "no-shared-alpn", tls({ ALPNProtocols: ["h2"] })],
    ["TLS 1.1", gateway, "protocol-version", tls({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" })],
    ["TLS 1.0", gateway, "protocol-version", tls({ minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" })],
    ["a client that does not hold its certificate's key", gateway, "bad-certificate-signature", spoilt],
    ["curl, which does not believe us", gateway, "client-alert", (port) => runCurl(`https://127.0.0.1:${port}/`)],
    ["a record that holds no handshake", gateway, "bad-record", (port) => rawExchange(port, Buffer.from("160301000568656c6c6f", "hex"))],
    ["a client that leaves in the middle", gateway, "reset", (port) => rawExchange(port, hello, "end")],
    ["a client that resets", gateway, "reset", (port) => rawExchange(port, hello, "reset")],
    ["a health check that only connects", gateway, "reset", (port) => rawExchange(port, "", "end")],
    ["no certificate where one is demanded", strict, "no-certificate", tls({})],
    ["a stranger's certificate where a good one is demanded", strict, "certificate-refused", tls(stranger.grace)],
    ["a stranger's certificate where none would have done", aborting, "certificate-refused", tls(stranger.grace)],
  ]; // prettier-ignore
  for (const [name, of, reason, attempt] of cases) {
    await t.test(`${name}: ${reason}`, async () => {
      const before = of.log.length;
      const count = await counted(of, reason);
      await attempt(of.port);
      const line = await of.logged((each) => failures(each) && of.log.indexOf(each) >= before);
      assert.equal(line["address"], "127.0.0.1");
      assert.equal(line["level"], "warn");
      if (line["msg"] === "handshake failed") assert.equal(line["reason"], reason);
      await waitUntil(
        async () => (await counted(of, reason)) === count + 1,
        () => "not in time: it is counted",
      );
      assert.equal(of.log.slice(before).filter(failures).length, 1, "one line");
    });
  }

  await t.test("a hundred of them at once hold nobody up", async () => {
    const waiting = Array.from({ length: 100 }, (_, at) =>
      rawExchange(gateway.port, at % 2 === 0 ? hello : "x".repeat(at), at % 3 === 0 ? "reset" : "end"),
    );
    assert.equal((await ask({ port: gateway.port, identity: authority.grace })).status, 200);
    await Promise.all(waiting);
  });

  await t.test("silence, after ten seconds: timeout", async () => {
    await silences;
    await waitUntil(
      async () => (await counted(strict, "timeout")) === 2,
      () => "not in time: both are counted",
    );
    assert.equal(strict.log.filter(({ reason }) => reason === "timeout").length, 2);
  });

  await t.test("the gateways live, and nobody's octets are in their logs", async () => {
    for (const each of [gateway, strict, aborting]) {
      const good = await connectRaw({ port: each.port, identity: authority.grace });
      good.close();
      assert.equal((await ask({ port: each.port, identity: authority.grace })).status, 200);
      assert.equal(each.stderr(), "");
      for (const line of each.lines) assert.match(line, /^\{[\x20-\x7e]*\}$/);
      assert.deepEqual(each.log.filter(({ level }) => level === "error"), []);
    }
    assert.equal(backend.requests().length, 4);
  }); // prettier-ignore
});
