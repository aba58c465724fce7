import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createAuthority } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { echoBackend } from "../support/echo-backend.ts";
import { connectRaw, type RawConnection } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import {
  gatewayConfig,
  spawnGateway,
  startGateway,
  type RunningGateway,
} from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { steadyLoad } from "../support/steady-load.ts";
import { createTestAuthority, rootName, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { isRunning, workerPids } from "../support/worker-pids.ts";

const keyAlgorithm = "ec-p256";
const withinASecond = 2_500; // "within a second", on a machine that runs many tests at once

type Visit = {
  readonly worker: number;
  readonly status: number;
  readonly resumed: boolean;
  readonly session: Buffer | undefined;
};

/** Connections to one gateway, each with the word of its log which worker had it. */
function visitorsOf(gateway: RunningGateway) {
  let visits = 0;
  const workerOf = async (client: RawConnection) => {
    visits += 1;
    const path = `/flask/${visits}`;
    const answered = client.answers().length;
    client.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const answer = (await client.awaitAnswers(answered + 1)).at(-1);
    const { worker } = await gateway.logged((line) => line["path"] === path);
    return { worker: Number(worker), status: answer?.status ?? 0 };
  };
  const visit = async (identity: Identity, session?: Buffer): Promise<Visit> => {
    const client = await connectRaw({ port: gateway.port, identity, session });
    const { worker, status } = await workerOf(client);
    client.close();
    return { worker, status, resumed: client.resumed, session: client.session() };
  };
  /** One after the other, until both workers had one. */
  const visitBoth = async (identity: Identity, session?: Buffer): Promise<readonly Visit[]> => {
    const found: Visit[] = [];
    for (let tries = 0; new Set(found.map(({ worker }) => worker)).size < 2; tries += 1) {
      assert.ok(tries < 64, "all connections went to one worker");
      found.push(await visit(identity, session));
    }
    return found;
  };
  const resumesAtBoth = async (identity: Identity, session: Buffer | undefined) =>
    (await visitBoth(identity, session)).every(({ status, resumed }) => status === 200 && resumed);
  /** New keys may be on their way: a session of this moment counts. */
  const sharesSessions = (identity: Identity) =>
    waitUntil(
      async () => resumesAtBoth(identity, (await visit(identity)).session),
      () => "what is made at one worker does not resume at the other",
      withinASecond,
    );
  return { workerOf, visit, visitBoth, resumesAtBoth, sharesSessions };
}

/** Answers `/slow` after a while. */
function slowBackend(t: TestContext) {
  return recordingBackend(t, ({ target }, socket) => {
    if (!target.endsWith("/slow")) return okAnswer;
    setTimeout(() => socket.write(okAnswer), 600);
    return undefined;
  });
}

test("several workers are one gateway", { timeout: 90_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await slowBackend(t);
  const echo = await echoBackend(t);
  const denied = join(authority.folder, "denied.yaml");
  await writeFile(denied, "[]");
  const made = gatewayConfig(authority, backend.port, {
    clients: { depth: 2, revocation: [{ denyList: denied }] },
    metrics: { port: 0 },
  });
  const config = {
    ...made,
    workers: 2,
    reloadOnChange: false,
  };
  const echoing = { ...config, routes: [{ prefix: "/flask/", upstream: `http://127.0.0.1:${echo}/` }] };
  const gateway = await startGateway(t, config);
  const metrics = await metricsPortOf(gateway);
  const { workerOf, visit, visitBoth, resumesAtBoth, sharesSessions } = visitorsOf(gateway);
  const intermediate = await createAuthority({
    subject: [{ type: "CN", value: "Test Intermediate" }],
    issuer: authority.root,
    keyAlgorithm,
  });
  const leaf = await authority.issue("Grace Hopper", { issuer: intermediate });
  const chained = { cert: leaf.cert + intermediate.certificatePem, key: leaf.key };
  const mallory = await authority.issue("Mallory");
  const bothSay = (msg: string, since: number) =>
    waitUntil(
      () => new Set(gateway.log.slice(since).filter((line) => line["msg"] === msg).map(({ worker }) => worker)).size === 2,
      () => `not both workers said "${msg}"`,
    ); // prettier-ignore
  const reload = async (msg = "reloaded") => {
    const since = gateway.log.length;
    gateway.signal("SIGHUP");
    await bothSay(msg, since);
  };

  await t.test("it listens once, both serve, and a session of one resumes at the other", async () => {
    assert.equal(gateway.log.filter(({ msg }) => msg === "listening").length, 1);
    await sharesSessions(authority.grace);
  });

  await t.test("also where its intermediate came with the handshake at the other", async () => {
    const { session } = await visit(chained);
    await waitUntil(() => resumesAtBoth(chained, session), () => "nobody has told the other worker", withinASecond); // prettier-ignore
  });

  await t.test("figures are of both together", async () => {
    const figures = await scrape(metrics);
    const lines = gateway.log.filter(({ path }) => path !== undefined);
    const connections = ["true", "false"].map((resumed) => figures(`sallyport_handshakes_total{resumed="${resumed}"}`)); // prettier-ignore
    assert.equal(figures('sallyport_requests_total{status="2xx"}'), lines.length);
    assert.equal(figures("sallyport_request_duration_seconds_count"), lines.length);
    assert.equal((connections[0] ?? 0) + (connections[1] ?? 0), lines.length);
    assert.ok((connections[0] ?? 0) > 0 && (connections[1] ?? 0) > 0);
    assert.equal(figures("sallyport_workers"), 2);
    assert.equal(figures("sallyport_config_reload_healthy"), 1);
  });

  await t.test("whoever is revoked is refused by both, and her session resumes nowhere", async () => {
    const before = await visit(mallory);
    assert.equal(before.status, 200);
    await writeFile(denied, `- { serial: "${new X509Certificate(mallory.cert).serialNumber}", issuer: "CN=Test Root,ST=Virginia,C=US" }\n`); // prettier-ignore
    // The configuration is broken besides: what is believed moves without it, and that alone ends sessions.
    await gateway.reconfigure({ ...config, workers: 3 });
    await reload("reload refused: everything stays as it was");
    const after = await visitBoth(mallory, before.session);
    assert.deepEqual(new Set(after.map(({ status, resumed }) => `${status} ${String(resumed)}`)), new Set(["403 false"])); // prettier-ignore
    await sharesSessions(authority.grace);
  });

  await t.test("an authority that is removed: a session of before resumes nowhere", async () => {
    const other = await createAuthority({ subject: rootName, keyAlgorithm });
    const otherFile = join(authority.folder, "other.pem");
    await writeFile(otherFile, other.certificatePem);
    const before = await visit(authority.grace);
    await gateway.reconfigure({ ...config, clients: { authorities: [otherFile] } });
    await reload();
    const after = await visitBoth(authority.grace, before.session);
    assert.deepEqual(new Set(after.map(({ status, resumed }) => `${status} ${String(resumed)}`)), new Set(["403 false"])); // prettier-ignore
    await gateway.reconfigure(config);
    await reload();
    assert.equal((await visit(authority.grace, before.session)).resumed, false);
  });

  await t.test("reloads under load lose nothing, and a broken one is refused by both", async () => {
    await gateway.reconfigure(echoing);
    await reload();
    const load = steadyLoad(gateway.port, authority.grace);
    for (let round = 0; round < 5; round += 1) await reload();
    await gateway.reconfigure({ ...echoing, workers: 3 });
    await reload("reload refused: everything stays as it was");
    assert.equal((await scrape(metrics))("sallyport_config_reload_healthy"), 0);
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.ok(load.served() > 20, `only ${load.served()} requests crossed the reloads`);
    await gateway.reconfigure(echoing);
    await reload();
  }); // prettier-ignore

  await t.test("a worker that is killed takes its own connections with it and no others, and another comes", async () => {
    const held = await Promise.all(Array.from({ length: 12 }, () => connectRaw({ port: gateway.port, identity: authority.grace })));
    const served = await Promise.all(held.map(async (client) => ({ client, ...(await workerOf(client)) })));
    const reloads = 'sallyport_reloads_total{outcome="ok"}';
    const counted = (await scrape(metrics))(reloads);
    const load = steadyLoad(gateway.port, authority.grace);
    const { session } = await visit(chained);
    await gateway.reconfigure("routes: [");
    const [victim = 0] = await workerPids(gateway.pid);
    const killed = performance.now();
    process.kill(victim, "SIGKILL");
    const { worker: dead, signal } = await gateway.logged(({ msg }) => msg === "worker ended");
    assert.equal(signal, "SIGKILL");
    const stuck = await gateway.logged(({ msg }) => msg === "worker cannot start");
    assert.equal(stuck["worker"], dead);
    assert.match(String(stuck["problems"]), /gateway\.yaml/);
    await gateway.reconfigure(echoing);
    await gateway.logged(({ msg, worker }) => msg === "worker is back" && worker === dead);
    const took = performance.now() - killed;
    assert.ok(took < 2 * withinASecond, `it took ${Math.round(took)} ms`); // 0.6 s where nothing else runs
    for (const { client, worker } of served) {
      if (worker === dead) assert.ok(client.ended());
      else assert.equal((await workerOf(client)).status, 200);
      client.close();
    }
    await visitBoth(authority.grace);
    assert.ok(await resumesAtBoth(chained, session), "the new one has not been told what the other has met");
    await load.stop();
    assert.ok(load.failures.length <= 4, `more than each client's one connection: ${load.failures.join("; ")}`);
    const figures = await scrape(metrics);
    assert.equal(figures(reloads), counted, "a sum has fallen");
    assert.deepEqual([figures("sallyport_workers"), figures("sallyport_worker_ends_total")], [2, 1]);
    await gateway.reconfigure(config);
    await reload();
  }); // prettier-ignore

  await t.test("a second gateway cannot take half of its port", async (t) => {
    const listen = [{ host: "127.0.0.1", port: gateway.port, mode: "mutual" }];
    const second = await spawnGateway(t, { ...made, workers: 2, listen, metrics: undefined });
    assert.equal(await second.exited, 1);
    assert.match(second.stderr(), new RegExp(`^\\S*gateway\\.yaml\\S*  listen\\.0: port ${gateway.port} on 127\\.0\\.0\\.1 is taken by another program  -> [^\n]*\n$`)); // prettier-ignore
  });

  await t.test("figures are not given while a worker is silent", async () => {
    const [one = 0] = await workerPids(gateway.pid);
    process.kill(one, "SIGSTOP");
    const answer = await fetch(`http://127.0.0.1:${metrics}/metrics`);
    process.kill(one, "SIGCONT");
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /^No answer from worker [12] within 2 seconds\.\n$/);
  });

  await t.test("a terminal's signal to all of them drains once: what is under way is answered", async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => connectRaw({ port: gateway.port, identity: authority.grace })));
    backend.forget();
    for (const client of clients) client.send("GET /flask/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await waitUntil(() => backend.requests().length >= 6, () => "not all requests arrived");
    for (const pid of [gateway.pid, ...(await workerPids(gateway.pid))]) process.kill(pid, "SIGINT");
    for (const client of clients) assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
    assert.equal(await gateway.exited, 0);
    assert.equal(gateway.log.filter(({ msg }) => msg === "draining").length, 1);
    assert.equal(gateway.log.filter(({ path }) => path === "/flask/slow").length, 6);
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []);
    assert.equal(gateway.stderr(), "");
  }); // prettier-ignore

  await t.test("workers whose supervisor is gone finish what is under way, and go", async (t) => {
    const orphaned = await startGateway(t, { ...made, workers: 2, metrics: undefined });
    const pids = await workerPids(orphaned.pid);
    const options = { port: orphaned.port, identity: authority.grace };
    backend.forget();
    const slow = ask(options, { path: "/flask/slow" });
    await waitUntil(() => backend.requests().length > 0, () => "the request did not arrive"); // prettier-ignore
    orphaned.signal("SIGKILL");
    assert.equal((await slow).status, 200);
    for (const pid of pids) await waitUntil(async () => !(await isRunning(pid)), () => "a worker lives on"); // prettier-ignore
  });
});
