import assert from "node:assert/strict";
import { test } from "node:test";
import { healthPortOf, probe } from "../support/probe.ts";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { workerPids } from "../support/worker-pids.ts";

test("probes speak for all workers", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, ({ target }, socket) => {
    if (target !== "/slow") return okAnswer;
    setTimeout(() => socket.write(okAnswer), 800);
    return undefined;
  });
  const config = {
    ...gatewayConfig(authority, backend.port, { health: { port: 0 } }),
    workers: 2,
    reloadOnChange: false,
  };
  const gateway = await startGateway(t, config);
  const health = await healthPortOf(gateway);
  const both = async () => {
    const [alive, ready] = await Promise.all([probe(health, "/healthz"), probe(health, "/readyz")]);
    return [alive.status, ready.status, alive.problems, ready.problems];
  };
  const becomes = (status: number) =>
    waitUntil(async () => (await probe(health, "/readyz")).status === status, () => `not ${status}`, 10_000); // prettier-ignore

  await t.test("all is well with both", async () => {
    assert.deepEqual(await both(), [200, 200, "", ""]);
  });

  await t.test("one that is there and silent: neither alive nor ready, until it speaks again", async () => {
    const [one = 0] = await workerPids(gateway.pid);
    process.kill(one, "SIGSTOP");
    const [alive, ready, why, whyNot] = await both();
    process.kill(one, "SIGCONT");
    assert.deepEqual([alive, ready], [503, 503]);
    for (const said of [why, whyNot])
      assert.match(String(said), /^No answer from worker [12] within 2 seconds\.$/);
    await becomes(200);
  });

  await t.test("one that is gone and cannot come back is missed by nobody", async () => {
    await gateway.reconfigure("routes: [");
    const [one = 0] = await workerPids(gateway.pid);
    process.kill(one, "SIGKILL");
    await gateway.logged(({ msg }) => msg === "worker cannot start");
    assert.deepEqual(await both(), [200, 200, "", ""]);
    await gateway.reconfigure(config);
    gateway.signal("SIGHUP");
    await gateway.logged(({ msg }) => msg === "worker is back");
  });

  await t.test("what is amiss with both is said once", async () => {
    await gateway.reconfigure({ ...config, routes: [{ prefix: "/", upstream: "http://127.0.0.1:1/" }] });
    gateway.signal("SIGHUP");
    await becomes(503);
    await waitUntil(
      async () =>
        (await probe(health, "/readyz")).problems === "http://127.0.0.1:1 cannot be reached (ECONNREFUSED).",
      () => "it is not said, or twice",
    );
    await gateway.reconfigure(config);
    gateway.signal("SIGHUP");
    await becomes(200);
  });

  await t.test("while they drain they are alive and not ready", async () => {
    const client = await connectRaw({ port: gateway.port, identity: authority.grace });
    client.send("GET /flask/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await waitUntil(() => backend.requests().length > 0, () => "no request"); // prettier-ignore
    gateway.signal("SIGTERM");
    await gateway.logged(({ msg }) => msg === "draining");
    assert.deepEqual(await both(), [200, 503, "", "The gateway is draining."]);
    assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
    assert.equal(await gateway.exited, 0);
    assert.equal(gateway.stderr(), "");
  });
});
