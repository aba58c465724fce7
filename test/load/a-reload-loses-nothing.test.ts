import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createAuthority } from "@sallyport/certs";
import { WebSocket } from "ws";
import { ask } from "../support/ask.ts";
import { echoBackend } from "../support/echo-backend.ts";
import { valuesOf } from "../support/message.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { steadyLoad } from "../support/steady-load.ts";
import { createTestAuthority, rootName } from "../support/test-authority.ts";

const get = (path = "/flask/") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n`;
const keyAlgorithm = "ec-p256";

test("a reload loses nothing", { timeout: 90_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const echo = await echoBackend(t);
  const file = join(authority.folder, "backend.secret");
  const [first, second] = ["a".repeat(64), "b".repeat(64)];
  await writeFile(file, first);
  const config = gatewayConfig(authority, echo, {
    backendSecret: { file },
    clients: { depth: 2 },
    metrics: { port: 0 },
  });
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const routes = [...(config["routes"] as object[]), { prefix: "/recorded/", upstream }];
  const quiet = { ...config, routes, reloadOnChange: false };
  const gateway = await startGateway(t, quiet);
  const intermediate = await createAuthority({
    subject: [{ type: "CN", value: "Test Intermediate" }],
    issuer: authority.root,
    keyAlgorithm,
  });
  const leaf = await authority.issue("Grace Hopper", { issuer: intermediate });
  // Whose intermediate the gateway has from the handshake alone.
  const chained = { cert: leaf.cert + intermediate.certificatePem, key: leaf.key };
  const options = { port: gateway.port, identity: chained };
  const secrets = () => backend.requests().flatMap(({ lines }) => valuesOf(lines, "Sallyport-Secret"));
  const reload = () => nextReload(gateway, () => { gateway.signal("SIGHUP"); }); // prettier-ignore

  await t.test("20 reloads under load: no request fails, a WebSocket and a stream go on", async () => {
    const stream = await connectRaw(options);
    stream.send(get("/flask/stream"));
    const socket = new WebSocket(`wss://127.0.0.1:${gateway.port}/flask/`, {
      ...chained,
      rejectUnauthorized: false,
    });
    await once(socket, "open");
    const echoes: string[] = [];
    socket.on("message", (data) => echoes.push((data as Buffer).toString("utf8")));
    const load = steadyLoad(gateway.port, chained);
    for (let round = 1; round <= 20; round += 1) {
      await writeFile(file, round % 2 === 0 ? first : second);
      assert.deepEqual(await reload(), { ok: true, problems: [] });
      socket.send(String(round));
      await sleep(150);
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.ok(load.served() > 100, `only ${load.served()} requests crossed the reloads`);
    assert.ok(load.resumed() > 0, "no session was resumed between two reloads");
    assert.deepEqual(echoes, Array.from({ length: 20 }, (_, at) => String(at + 1)));
    assert.equal(socket.readyState, WebSocket.OPEN);
    socket.terminate();
    const counted = [...stream.received().toString("latin1").matchAll(/\r\n(\d+)\n\r\n/g)].map(([, n]) => Number(n));
    assert.deepEqual(counted, counted.map((_, at) => at + 1));
    assert.ok(counted.length > 40 && !stream.ended(), `the stream stopped at ${counted.length}`);
    stream.close();
    const figures = await scrape(await metricsPortOf(gateway));
    assert.equal(figures('sallyport_reloads_total{outcome="ok"}'), 20);
    assert.equal(figures('sallyport_requests_total{status="5xx"}'), 0);
  }); // prettier-ignore

  await t.test("a rotated secret and a new route are there with the next request, on open connections too", async () => {
    const open = await connectRaw(options);
    open.send(get("/recorded/"));
    await open.awaitAnswers(1);
    assert.deepEqual(secrets(), [first]);
    await writeFile(file, `${second}\n`);
    await gateway.reconfigure({ ...quiet, routes: [...routes, { prefix: "/new/", upstream }] });
    await reload();
    backend.forget();
    open.send(get("/new/"));
    assert.equal((await open.awaitAnswers(2)).at(-1)?.status, 200);
    assert.deepEqual(secrets(), [second]);
    open.close();
  }); // prettier-ignore

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    await t.test(`${version}: an intermediate that came with an earlier handshake is known after the reload`, async () => {
      const full = await connectRaw({ ...options, version });
      full.send(get());
      await full.awaitAnswers(1);
      // A resumed session brings the certificate and not what came with it.
      const resumed = await connectRaw({ ...options, version, session: full.session() });
      assert.equal(resumed.resumed, true);
      resumed.send(get());
      await resumed.awaitAnswers(1);
      await reload();
      // The one that knows less asks first.
      for (const open of [resumed, full]) {
        open.send(get());
        assert.equal((await open.awaitAnswers(2))[1]?.status, 200);
        open.close();
      }
    });
  } // prettier-ignore

  await t.test("an authority that is removed lets nobody in any more: new, resumed, and on open connections", async () => {
    // Under the same name: told apart by nothing but its key.
    const other = await createAuthority({ subject: rootName, keyAlgorithm });
    const otherFile = join(authority.folder, "other.pem");
    await writeFile(otherFile, other.certificatePem);
    const open = await connectRaw(options);
    open.send(get());
    assert.equal((await open.awaitAnswers(1))[0]?.status, 200);
    await gateway.reconfigure({ ...quiet, clients: { authorities: [otherFile] } });
    await reload();
    open.send(get());
    const [, refused] = await open.awaitAnswers(2);
    assert.equal(refused?.status, 403);
    assert.match(refused.text, /certificate-untrusted/);
    const resumed = await connectRaw({ ...options, session: open.session() });
    resumed.send(get());
    assert.equal((await resumed.awaitAnswers(1))[0]?.status, 403);
    resumed.close();
    open.close();
    assert.equal((await ask(options)).status, 403);
    const theirs = await authority.issue("Grace Hopper", { issuer: other });
    assert.equal((await ask({ ...options, identity: theirs })).status, 200);
  }); // prettier-ignore

  await t.test("and all of it was one process", () => {
    assert.equal(gateway.stderr(), "");
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []);
  }); // prettier-ignore
});
