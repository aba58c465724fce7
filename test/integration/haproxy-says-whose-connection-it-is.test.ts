/** Two gateways behind HAProxy in TCP mode: clients keep their addresses, and their TLS sessions at either gateway. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "node:tls";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { startHaproxy } from "./servers/haproxy.ts";

void test("HAProxy says whose connection it is", { timeout: 60_000 }, async (context) => {
  const authority = await createTestAuthority(context);
  const backend = await recordingBackend(context);
  const ticketSecret = { file: join(authority.folder, "tickets.secret") };
  await writeFile(ticketSecret.file, "s".repeat(48), { mode: 0o600 });
  const config = gatewayConfig(authority, backend.port, {
    listen: { proxyProtocol: { from: ["127.0.0.1"] } },
    tls: { certificate: authority.serverCertificateFile, key: authority.serverKeyFile, ticketSecret },
    metrics: { port: 0 },
  });
  const gateways = [await startGateway(context, config), await startGateway(context, config)];
  const ports = gateways.map(({ port }) => port);

  /** A visit from an address of this machine, with a session to resume. */
  const visit = async (port: number, localAddress: string, session?: Buffer) => {
    const options = {
      host: "127.0.0.1",
      port,
      localAddress,
      servername: "localhost",
      rejectUnauthorized: false,
    };
    const client = connect({ ...options, ...authority.grace, ...(session && { session }) });
    let held: Buffer | undefined;
    let answer = "";
    let resumed = false;
    client.on("secureConnect", () => (resumed = client.isSessionReused()));
    client.on("session", (next) => (held = next));
    client.on("data", (part) => (answer += String(part))).on("error", () => undefined);
    client.write("GET /flask/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    await new Promise((resolve) => client.once("close", resolve));
    return { answer, resumed, session: held };
  };
  const servedBy = () => gateways.map(({ log }) => log.filter(({ path }) => path === "/flask/").length);

  for (const check of ["check inter 200ms", "check inter 200ms check-send-proxy"]) {
    await context.test(`with send-proxy-v2 and "${check}", whatever the addresses are`, async (t) => {
      const port = await startHaproxy(t, ports, `send-proxy-v2 ${check}`);
      for (const address of ["127.0.0.2", "127.1.2.3", "127.0.0.2", "127.0.0.4"]) {
        backend.forget();
        assert.match((await visit(port, address)).answer, /^HTTP\/1\.1 200 /);
        const { lines = [] } = backend.requests().at(-1) ?? {};
        const told = new Map(lines.map(([name, value]) => [name.toLowerCase(), value]));
        assert.equal(told.get("x-forwarded-for"), address);
        assert.equal(told.get("ssl_client_s_dn"), graceSubject);
        await Promise.any(gateways.map(({ logged }) => logged((line) => line["address"] === address)));
      }
      await waitUntil(() => servedBy().every((served) => served > 0), () => "only one of them was asked"); // prettier-ignore
      await delay(500);
      const warned = gateways.flatMap(({ log }) => log.filter(({ level }) => level === "warn"));
      assert.deepEqual(warned.filter(({ msg }) => msg === "connection refused"), [], "its checks are no news"); // prettier-ignore
    });
  }

  await context.test("a session of one gateway resumes at the other", async (t) => {
    const port = await startHaproxy(t, ports, "send-proxy-v2");
    const before = servedBy();
    let { session } = await visit(port, "127.0.0.5");
    for (let times = 0; times < 2; times += 1) {
      const again = await visit(port, "127.0.0.5", session);
      assert.ok(again.resumed);
      session = again.session ?? session;
    }
    const isSo = () => servedBy().every((served, at) => served > (before[at] ?? 0));
    await waitUntil(isSo, () => "only one of them was asked");
  });

  await context.test("version 1, and no header, are refused", async (t) => {
    for (const options of ["send-proxy", ""]) {
      const port = await startHaproxy(t, ports.slice(0, 1), options);
      assert.equal((await visit(port, "127.0.0.6")).answer, "");
    }
    const [first] = gateways;
    assert.ok(first);
    const figures = await scrape(await metricsPortOf(first));
    assert.ok(figures('sallyport_proxy_refusals_total{reason="invalid"}') >= 2);
    assert.ok(first.log.some(({ detail }) => String(detail).includes("only version 2 is read (HAProxy: send-proxy-v2)"))); // prettier-ignore
  });
});
