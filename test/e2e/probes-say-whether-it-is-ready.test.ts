import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createRevocationList } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { freePort } from "../support/free-port.ts";
import { healthPortOf, probe } from "../support/probe.ts";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, spawnGateway, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Milliseconds, with what is remembered for a second, and on a machine that is busy with other tests. */
const soon = 10_000;

test("probes say whether it is ready, and why not", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, ({ target }, socket) => {
    if (target !== "/slow") return okAnswer;
    setTimeout(() => socket.write(okAnswer), 800);
    return undefined;
  });
  const crl = join(authority.folder, "revoked.crl");
  const publish = async (number: number, life: number) => {
    const nextUpdate = new Date(Date.now() + life);
    await writeFile(crl, (await createRevocationList({ issuer: authority.root, number, nextUpdate, revoked: [] })).pem); // prettier-ignore
  };
  await publish(1, 3_600_000);
  const secret = "0123456789abcdef0123456789abcdef";
  const secretFile = join(authority.folder, "backend.secret");
  await writeFile(secretFile, secret, { mode: 0o600 });
  const other = await freePort();
  const config = gatewayConfig(authority, backend.port, {
    clients: { revocation: [{ crl }] },
    health: { port: 0 },
    backendSecret: { file: secretFile },
  });
  const [route] = config["routes"] as readonly Readonly<Record<string, unknown>>[];
  const dead = { ...config, routes: [{ ...route, upstream: `http://127.0.0.1:${other}/` }] };
  const gateway = await startGateway(t, config);
  const health = await healthPortOf(gateway);
  const ready = () => probe(health, "/readyz");
  const becomes = (status: number, problems: RegExp) =>
    waitUntil(
      async () => {
        const found = await ready();
        return found.status === status && problems.test(found.problems);
      },
      () => `/readyz does not become ${status} ${String(problems)}`,
      soon,
      50,
    );

  await t.test("at first it is alive and ready", async () => {
    assert.deepEqual((await probe(health, "/healthz")).body, { alive: true });
    assert.deepEqual(await ready(), { status: 200, body: { ready: true }, problems: "" });
  });

  await t.test("a list that ends, and a certificate that ends", async () => {
    // Both are still good when the gateway reads them: what has ended, a reload refuses.
    const until = Date.now() + 6_000;
    const ending = await authority.issue("ending.flask.local", { notAfter: new Date(until) });
    const [certificate, key] = [join(authority.folder, "ending.crt"), join(authority.folder, "ending.key")];
    await writeFile(certificate, ending.cert);
    await writeFile(key, ending.key, { mode: 0o600 });
    await publish(2, 4_000);
    await gateway.reconfigure({
      ...config,
      hosts: [{ names: ["ending.flask.local"], tls: { certificate, key } }],
    });
    gateway.signal("SIGHUP");
    await becomes(503, /^The list crl \S+revoked\.crl ended on \S+Z, and no newer one is there\.$/);
    await delay(until - Date.now());
    await becomes(503, /^The certificate of ending\.flask\.local ended on \S+Z\.\nThe list /);
    assert.equal((await probe(health, "/healthz")).status, 200, "nothing that a restart would mend");
    await publish(3, 3_600_000);
    await gateway.reconfigure(config);
    gateway.signal("SIGHUP");
    await becomes(200, /^$/);
  });

  await t.test("no upstream that could be connected to", async () => {
    await gateway.reconfigure(dead);
    gateway.signal("SIGHUP");
    await becomes(
      503,
      new RegExp(`^http://127\\.0\\.0\\.1:${other} cannot be reached \\(ECONNREFUSED\\)\\.$`),
    );
    await gateway.reconfigure({ ...dead, routes: [...dead.routes, { ...route, prefix: "/other/" }] });
    gateway.signal("SIGHUP");
    await becomes(200, /^$/);
    await gateway.reconfigure(config);
    gateway.signal("SIGHUP");
  });

  await t.test("however often it is asked, targets are connected to once a second", async () => {
    const before = backend.connections.length;
    for (let times = 0; times < 50; times += 1) await ready();
    const made = backend.connections.length - before;
    assert.ok(made <= 3, `${made} connections`);
  });

  await t.test("there is nothing else on the port, and nothing of anybody", async () => {
    for (const path of ["/", "/flask/", "/healthz/", "/readyz/x"])
      assert.equal((await fetch(`http://127.0.0.1:${health}${path}`)).status, 404, path);
    assert.equal((await fetch(`http://127.0.0.1:${health}/readyz`, { method: "POST" })).status, 405);
    const client = await connectRaw({ port: gateway.port, identity: authority.grace });
    client.send("GET /flask/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const all = JSON.stringify([await ready(), await probe(health, "/healthz")]);
    assert.doesNotMatch(all, new RegExp(`Grace|Root|${secret}`));
    await client.awaitAnswers(1);
    client.close();
    assert.equal(
      (await ask({ port: gateway.port, identity: authority.grace }, { path: "/readyz" })).status,
      404,
    );
  });

  await t.test("while it drains it is alive and not ready, to the end", async () => {
    const client = await connectRaw({ port: gateway.port, identity: authority.grace });
    client.send("GET /flask/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await waitUntil(() => backend.requests().filter(({ target }) => target === "/slow").length === 2, () => "no request"); // prettier-ignore
    gateway.signal("SIGTERM");
    await gateway.logged(({ msg }) => msg === "draining");
    assert.deepEqual(await ready(), { status: 503, body: { ready: false, problems: ["The gateway is draining."] }, problems: "The gateway is draining." }); // prettier-ignore
    assert.equal((await probe(health, "/healthz")).status, 200);
    assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
    assert.equal(await gateway.exited, 0);
    await assert.rejects(ready());
    assert.equal(gateway.stderr(), "");
  });

  await t.test("metrics and probes may share a port, and clients have none of it", async (t) => {
    const shared = { host: "127.0.0.1", port: await freePort() };
    const both = await startGateway(t, { ...config, health: shared, metrics: shared });
    assert.equal((await probe(shared.port, "/readyz")).status, 200);
    assert.match(
      await (await fetch(`http://127.0.0.1:${shared.port}/metrics`)).text(),
      /^sallyport_build_info/m,
    );
    const refused = await spawnGateway(t, { ...config, health: { port: both.port } });
    assert.equal(await refused.exited, 1);
    assert.match(refused.stderr(), /health: port \d+ on 127\.0\.0\.1 is taken by another program/);
  });
});
