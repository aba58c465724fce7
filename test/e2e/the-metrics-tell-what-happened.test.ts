import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { WebSocket } from "ws";
import { ask } from "../support/ask.ts";
import { echoBackend } from "../support/echo-backend.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { rawExchange } from "../support/raw-exchange.ts";
import { gatewayConfig, spawnGateway, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { steadyLoad } from "../support/steady-load.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const page = join(import.meta.dirname, "../../docs/metrics.md");
const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

test("the metrics tell what happened", { timeout: 90_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const echo = await echoBackend(t);
  const denied = join(authority.folder, "denied.yaml");
  await writeFile(denied, "[]\n");
  const clients = { revocation: [{ denyList: denied }] };
  const config = gatewayConfig(authority, echo, { clients, metrics: { port: 0 } });
  const gateway = await startGateway(t, { ...config, reloadOnChange: false });
  const { port } = gateway;
  const metrics = await metricsPortOf(gateway);
  const options = { port, identity: authority.grace };
  const began = await scrape(metrics);

  await t.test("before anything has happened, the figures are there and are 0", () => {
    for (const series of [
      'sallyport_requests_total{status="2xx"}', 'sallyport_refusals_total{code="certificate-missing"}',
      'sallyport_handshakes_total{resumed="false"}', 'sallyport_handshakes_total{resumed="true"}',
      'sallyport_reloads_total{outcome="ok"}', 'sallyport_reloads_total{outcome="refused"}',
      "sallyport_connections_open", "sallyport_request_duration_seconds_count",
    ]) assert.equal(began(series), 0, series);
    assert.equal(began("sallyport_config_reload_healthy"), 1);
  }); // prettier-ignore

  await t.test("requests, refusals, handshakes and a WebSocket are counted, each where it belongs", async () => {
    const client = await connectRaw(options);
    client.send(get.repeat(3));
    await client.awaitAnswers(3);
    const resumed = await connectRaw({ ...options, session: client.session() });
    resumed.send(get.replace("/flask/", "/nowhere/"));
    assert.equal((await resumed.awaitAnswers(1))[0]?.status, 404);
    assert.equal((await ask({ port })).status, 403);
    await rawExchange(port, get);
    const socket = new WebSocket(`wss://127.0.0.1:${port}/flask/`, { ...authority.grace, rejectUnauthorized: false });
    await once(socket, "open");
    const open = await scrape(metrics);
    assert.equal(open("sallyport_connections_open"), 3);
    const target = `{route="/flask/",target="http://127.0.0.1:${echo}"}`;
    assert.deepEqual([open(`sallyport_upstream_target_in${target}`), open(`sallyport_upstream_target_requests${target}`)], [1, 0]); // no WebSocket
    for (const each of [client, resumed]) each.close();
    socket.close();
    await waitUntil(async () => (await scrape(metrics))("sallyport_connections_open") === 0, () => "not in time: all connections are closed");
    const figures = await scrape(metrics);
    const expected = {
      'sallyport_requests_total{status="1xx"}': 1, 'sallyport_requests_total{status="2xx"}': 3,
      'sallyport_requests_total{status="4xx"}': 2, 'sallyport_requests_total{status="5xx"}': 0,
      'sallyport_refusals_total{code="not-found"}': 1, 'sallyport_refusals_total{code="certificate-missing"}': 1,
      'sallyport_refusals_total{code="tls-required"}': 1, 'sallyport_handshake_failures_total{reason="plain-http"}': 1,
      'sallyport_handshakes_total{resumed="false"}': 3, 'sallyport_handshakes_total{resumed="true"}': 1,
      "sallyport_request_duration_seconds_count": 5, 'sallyport_request_duration_seconds_bucket{le="+Inf"}': 5,
    };
    const found = Object.fromEntries(Object.keys(expected).map((series) => [series, figures(series)]));
    assert.deepEqual(found, expected);
  }); // prettier-ignore

  await t.test("reloads, and what is believed", async () => {
    assert.ok((await nextReload(gateway, () => { gateway.signal("SIGHUP"); })).ok);
    const good = await scrape(metrics);
    assert.ok(good("sallyport_trust_generation") > began("sallyport_trust_generation"));
    assert.ok(good("sallyport_reload_last_success_timestamp_seconds") > began("sallyport_reload_last_success_timestamp_seconds"));
    assert.equal(good(`sallyport_revocation_list_entries{name="denyList ${denied}"}`), 0);
    assert.equal(good(`sallyport_revocation_problem{name="denyList ${denied}"}`), 0);
    const days = (series: string) => Math.round((good(series) - Date.now() / 1000) / 86_400);
    assert.equal(days('sallyport_server_certificate_not_after_timestamp_seconds{host="*"}'), 500);
    assert.equal(days('sallyport_authority_not_after_timestamp_seconds{name="CN=Test Root,ST=Virginia,C=US"}'), 1024);
    await writeFile(denied, "- { serial: no }\n");
    assert.ok((await nextReload(gateway, () => { gateway.signal("SIGHUP"); })).ok, "a list that is broken later is no reason to refuse");
    assert.equal((await scrape(metrics))(`sallyport_revocation_problem{name="denyList ${denied}"}`), 1);
    await writeFile(denied, `- { serial: "01", issuer: "${graceSubject}" }\n`);
    await nextReload(gateway, () => { gateway.signal("SIGHUP"); });
    const mended = await scrape(metrics);
    assert.equal(mended(`sallyport_revocation_problem{name="denyList ${denied}"}`), 0);
    assert.equal(mended(`sallyport_revocation_list_entries{name="denyList ${denied}"}`), 1);
  }); // prettier-ignore

  await t.test("docs/metrics.md has every name that is ours, and no other", async () => {
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    const told = new Set([...text.matchAll(/^# TYPE (sallyport_\S+) (\S+)$/gm)].map(([, name, type]) => `${name ?? ""} ${type ?? ""}`));
    const promised = [...(await readFile(page, "utf8")).matchAll(/^\| `(sallyport_\S+)` +\| (\S+)/gm)];
    assert.deepEqual([...told].toSorted(), promised.map(([, name, type]) => `${name ?? ""} ${type ?? ""}`).toSorted());
    for (const usual of ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "nodejs_eventloop_lag_p99_seconds"])
      assert.match(text, new RegExp(`^${usual} \\S+$`, "m"));
    assert.doesNotMatch(text.replace(/^sallyport_upstream_target.*/gm, ""), /127\.0\.0\.1|Grace|\/flask\//, "nothing that a client chooses");
  }); // prettier-ignore

  await t.test("under load they are answered too, and stop nobody", async () => {
    const load = steadyLoad(port, authority.grace);
    const took: number[] = [];
    for (let time = 0; time < 30; time += 1) {
      const started = performance.now();
      await scrape(metrics);
      took.push(performance.now() - started);
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
    const median = took.toSorted((a, b) => a - b)[15] ?? Infinity;
    assert.ok(median < 250, `${Math.round(median)} ms for one scrape`); // 5 ms where nothing else runs
  });

  await t.test("no listener of the gateway gives them, and their port gives nothing else", async () => {
    for (const path of ["/metrics", "/flask/../metrics", "//metrics"])
      assert.doesNotMatch((await ask(options, { path })).text, /sallyport_/);
    for (const [path, method, status] of [["/", "GET", 404], ["/flask/", "GET", 404], ["/metrics/", "GET", 404], ["/healthz", "GET", 404], ["/metrics", "POST", 405]] as const)
      assert.equal((await fetch(`http://127.0.0.1:${metrics}${path}`, { method })).status, status);
    assert.match((await rawExchange(metrics, "GARBAGE\r\n\r\n")).octets, /^HTTP\/1\.1 400 /);
    const { address } = await gateway.logged(({ msg }) => msg === "metrics").then(({ host }) => ({ address: host }));
    assert.equal(address, "127.0.0.1", "nobody but this machine, unless asked for");
  }); // prettier-ignore

  await t.test("a port that is taken is told, and nothing is listening then", async (t) => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    t.after(() => taken.close());
    const { port: takenPort } = taken.address() as AddressInfo;
    const refused = await spawnGateway(t, { ...config, metrics: { port: takenPort } });
    assert.equal(await refused.exited, 1);
    assert.match(refused.stderr(), new RegExp(`gateway\\.yaml\\S*  metrics: port ${takenPort} on 127\\.0\\.0\\.1 is taken by another program  -> \\S.*\n$`));
    assert.ok(!refused.log.some(({ msg }) => msg === "listening"));
  }); // prettier-ignore
});
