import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createRevocationList } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway, type RunningGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { silentServer } from "../support/silent-server.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

test("nothing keeps a drained gateway alive", { timeout: 90_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { pem, der } = await createRevocationList({ issuer: authority.root, number: 1 });
  const inFolder = (name: string) => join(authority.folder, name);
  await mkdir(inFolder("lists"));
  await writeFile(inFolder("lists/root.crl"), pem);
  await writeFile(inFolder("denied.yaml"), "[]\n");

  /** A gateway with everything open that it can have open. */
  const start = async (t: TestContext) => {
    const backend = await recordingBackend(t, ({ target }, socket) => {
      if (target !== "/slow") return okAnswer;
      setTimeout(() => socket.write(okAnswer), 400);
      return undefined;
    });
    const lists = await silentServer(t, der);
    const responder = await silentServer(t, Buffer.from("no answer of OCSP"));
    const revocation = [
      { denyList: inFolder("denied.yaml") },
      { crl: inFolder("lists") },
      { crl: `http://127.0.0.1:${lists.port}/root.crl` },
      { crl: "cdp", whenUnknown: "allow" },
      { ocsp: "aia", whenUnknown: "allow" },
      { ocsp: `http://127.0.0.1:${responder.port}/`, whenUnknown: "allow" },
    ];
    const config = gatewayConfig(authority, backend.port, { clients: { revocation }, metrics: { port: 0 } });
    const gateway = await startGateway(t, config);
    const options = { port: gateway.port, identity: authority.grace };
    assert.equal((await ask(options)).status, 200);
    assert.ok(lists.asked() > 0 && responder.asked() > 0);
    return { gateway, options, lists, responder, backend };
  };
  const endsSoon = async (gateway: RunningGateway, milliseconds = 2_500) => {
    const started = performance.now();
    assert.equal(await gateway.stop(), 0);
    assert.ok(performance.now() - started < milliseconds, `${Math.round(performance.now() - started)} ms`);
    assert.equal(gateway.stderr(), "");
    assert.equal(gateway.log.at(-1)?.["msg"], "stopped", gateway.lines.slice(-4).join("\n"));
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []);
  }; // prettier-ignore

  await t.test("not a scrape, a connection, a list, a responder or a file that is watched", async (t) => {
    const { gateway, options } = await start(t);
    const metrics = await metricsPortOf(gateway);
    await scrape(metrics);
    const idle = await connectRaw(options);
    idle.send(get);
    await idle.awaitAnswers(1);
    const scraper = connect(metrics, "127.0.0.1", () => scraper.write("GET /metrics HTTP/1.1\r\n"));
    scraper.on("error", () => undefined);
    t.after(() => scraper.destroy());
    await nextReload(gateway, () => { gateway.signal("SIGHUP"); });
    await endsSoon(gateway);
    await assert.rejects(scrape(metrics), "the metrics are still given");
  }); // prettier-ignore

  await t.test("not a reload that is under way, nor one that comes too late", async (t) => {
    const { gateway, options, backend } = await start(t);
    const busy = await connectRaw(options);
    busy.send(get.replace("/flask/", "/flask/slow"));
    await waitUntil(
      () => backend.requests().some(({ target }) => target === "/slow"),
      () => "not in time: the backend is asked",
    );
    gateway.signal("SIGHUP");
    gateway.signal("SIGTERM");
    await gateway.logged(({ msg }) => msg === "draining");
    gateway.signal("SIGHUP");
    assert.equal((await busy.awaitAnswers(1))[0]?.status, 200);
    assert.equal(await gateway.exited, 0);
    assert.equal(gateway.stderr(), "");
    assert.ok(!gateway.log.some(({ level }) => level === "error"));
  });

  await t.test("not a list that is being fetched from a server that has gone silent", async (t) => {
    const { gateway, lists } = await start(t);
    const asked = lists.asked();
    lists.fallSilent();
    gateway.signal("SIGHUP");
    await waitUntil(
      () => lists.asked() > asked,
      () => "not in time: it is fetched again",
    );
    await endsSoon(gateway);
  });

  await t.test("and a second SIGTERM ends it whatever it waits for: here, a responder", async (t) => {
    const { gateway, responder } = await start(t);
    responder.fallSilent();
    const other = await authority.issue("Cecilia Payne");
    const client = await connectRaw({ port: gateway.port, identity: other });
    const asked = responder.asked();
    client.send(get);
    await waitUntil(
      () => responder.asked() > asked,
      () => "not in time: the responder is asked",
    );
    gateway.signal("SIGTERM");
    await gateway.logged(({ msg }) => msg === "draining");
    await sleep(100);
    const started = performance.now();
    await gateway.stop();
    assert.ok(performance.now() - started < 4_000);
    client.close();
  });

  await t.test("meanwhile: a silent server of lists delays nobody who writes a deny list", async (t) => {
    const { gateway, options, lists } = await start(t);
    const fingerprints = [authority.grace.cert, (await authority.issue("Mallory")).cert].map(
      (cert) => new X509Certificate(cert).fingerprint256,
    );
    lists.fallSilent();
    const denied = (count: number) => fingerprints.slice(-count).map((each) => `- { fingerprint: "${each}" }\n`);
    await writeFile(inFolder("denied.yaml"), denied(1).join(""));
    await sleep(700);
    await writeFile(inFolder("denied.yaml"), denied(2).join(""));
    // A request that is under way at that moment is cut off.
    await waitUntil(async () => (await ask(options).catch(() => undefined))?.status === 403, () => "not in time: Grace is denied", 2_500);
    await writeFile(inFolder("denied.yaml"), "[]\n");
    gateway.signal("SIGKILL");
  }); // prettier-ignore
});
