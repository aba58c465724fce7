import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createRevocationList, profiles } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { valuesOf } from "../support/message.ts";
import { nextReload, reloadsOf } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";

/** A file at rest is looked at every quarter of a second, and read when two looks agree: a second is promised. */
const patience = 2_500;

test("a changed file is read without being told", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const other = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const inFolder = (name: string) => join(authority.folder, name);
  const { serverCertificateFile, serverKeyFile, rootFile } = authority;
  const [secretFile, listFile] = [inFolder("backend.secret"), inFolder("revoked.crl")];
  const list = async (number: number, ...revoked: Identity[]) => {
    const serials = revoked.map(({ cert }) => ({ serialNumber: new X509Certificate(cert).serialNumber }));
    return (await createRevocationList({ issuer: authority.root, number, revoked: serials })).pem;
  };
  await writeFile(secretFile, "a".repeat(64));
  await writeFile(listFile, await list(1));
  const config = gatewayConfig(authority, backend.port, {
    backendSecret: { file: secretFile },
    clients: { revocation: [{ crl: listFile }] },
    metrics: { port: 0 },
  });
  const gateway = await startGateway(t, config);
  const metrics = await metricsPortOf(gateway);
  const options = { port: gateway.port, identity: authority.grace };
  const mallory = { port: gateway.port, identity: await authority.issue("Mallory") };
  const shown = async (port = gateway.port) => {
    const client = await connectRaw({ port, identity: authority.grace });
    client.close();
    return client.certificate?.fingerprint256;
  };
  const until = async (what: string, question: () => Promise<boolean>) => {
    for (const end = performance.now() + patience; performance.now() < end;) {
      if (await question()) return;
      await sleep(20);
    }
    assert.fail(`not within ${patience} ms: ${what}`);
  };
  const issueServer = () =>
    authority.issue("*.flask.local", { profile: { ...profiles.server, keyAlgorithm: "ec-p256" } });
  const fingerprintOf = ({ cert }: Identity) => new X509Certificate(cert).fingerprint256;
  /** Writes beside the file, and puts that in its place. */
  const replace = async (file: string, text: string) => {
    await writeFile(`${file}.next`, text);
    await rename(`${file}.next`, file);
  };

  await t.test("nothing is read while nothing changes", async () => {
    await sleep(800);
    assert.equal(reloadsOf(gateway), 0);
  });

  await t.test("the configuration: a rule for Mallory, on her open connection too", async () => {
    const open = await connectRaw(mallory);
    open.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert.equal((await open.awaitAnswers(1))[0]?.status, 200);
    const [route] = config["routes"] as [object];
    const rules = [{ deny: { subject: { CN: "Mallory" } } }, { allow: "any" }];
    await nextReload(gateway, () => gateway.reconfigure({ ...config, routes: [{ ...route, rules }] }));
    open.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert.equal((await open.awaitAnswers(2))[1]?.status, 403);
    open.close();
    await nextReload(gateway, () => gateway.reconfigure(config));
    assert.equal((await ask(mallory)).status, 200);
  });

  await t.test("the authorities", async () => {
    const theirs = { port: gateway.port, identity: other.grace };
    assert.equal((await ask(theirs)).status, 403);
    const own = await readFile(rootFile, "utf8");
    const both = own + (await readFile(other.rootFile, "utf8"));
    // With revocation in force nobody vouches for the other root's certificates: that is another matter.
    await nextReload(gateway, () => writeFile(rootFile, both));
    assert.equal((await ask(theirs)).status, 503);
    await nextReload(gateway, () => writeFile(rootFile, own));
    assert.equal((await ask(theirs)).status, 403);
  });

  await t.test("the backend's secret", async () => {
    await nextReload(gateway, () => replace(secretFile, "b".repeat(64)));
    backend.forget();
    await ask(options);
    assert.deepEqual(valuesOf(backend.requests()[0]?.lines ?? [], "Sallyport-Secret"), ["b".repeat(64)]);
  });

  for (const [how, put] of [["two writes", writeFile], ["two renames", replace]] as const) {
    for (const gap of [0, 900]) {
      await t.test(`certificate and key, ${how} ${gap} ms apart: the one pair or the other, all the time`, async () => {
        const before = await shown();
        const next = await issueServer();
        const seen = new Set<string | undefined>();
        const over = new AbortController();
        const watching = (async () => {
          while (!over.signal.aborted) {
            seen.add(await shown());
            assert.equal((await ask(options)).status, 200);
            await sleep(10);
          }
        })();
        await put(serverCertificateFile, next.cert);
        await sleep(gap);
        if (gap > 0) {
          assert.deepEqual(seen, new Set([before]), "a certificate without its key is not served");
          assert.equal((await scrape(metrics))("sallyport_config_reload_healthy"), 0);
        }
        await put(serverKeyFile, next.key);
        await until("the new certificate is served", async () => (await shown()) === fingerprintOf(next));
        over.abort();
        await watching;
        assert.deepEqual([...seen].filter((each) => each !== fingerprintOf(next)), [before]);
        assert.equal((await scrape(metrics))("sallyport_config_reload_healthy"), 1);
      });
    }
  } // prettier-ignore

  await t.test(
    "a list of revoked certificates, on open connections too, and nothing else is read anew",
    async () => {
      const reloads = reloadsOf(gateway);
      const open = await connectRaw(mallory);
      open.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assert.equal((await open.awaitAnswers(1))[0]?.status, 200);
      await replace(listFile, await list(2, mallory.identity));
      await until("Mallory is revoked", async () => (await ask(mallory)).status === 403);
      open.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assert.match((await open.awaitAnswers(2))[1]?.text ?? "", /certificate-revoked/);
      open.close();
      assert.equal((await ask(options)).status, 200);
      assert.equal(reloadsOf(gateway), reloads);
    },
  );

  await t.test("a list that comes together with a broken configuration is read all the same", async () => {
    const { ok } = await nextReload(gateway, () =>
      Promise.all([list(3).then((text) => replace(listFile, text)), gateway.reconfigure("listen: [\n")]),
    );
    assert.equal(ok, false);
    await until("Mallory is back", async () => (await ask(mallory)).status === 200);
    assert.ok((await nextReload(gateway, () => gateway.reconfigure(config))).ok);
  });

  await t.test("what a refused configuration is waiting for, when it has come", async () => {
    const late = inFolder("late.secret");
    const next = { ...config, backendSecret: { file: late } };
    const { ok, problems } = await nextReload(gateway, () => gateway.reconfigure(next));
    assert.equal(ok, false);
    assert.match(problems.join("\n"), /late\.secret does not exist/);
    await sleep(300);
    assert.equal((await nextReload(gateway, () => writeFile(late, "c".repeat(64)))).ok, true);
    backend.forget();
    await ask(options);
    assert.deepEqual(valuesOf(backend.requests()[0]?.lines ?? [], "Sallyport-Secret"), ["c".repeat(64)]);
    // And when one of them is gone: as broken as when it had never been there.
    const gone = await nextReload(gateway, () => rm(late));
    assert.equal(gone.ok, false);
    assert.ok((await nextReload(gateway, () => gateway.reconfigure(config))).ok);
  });

  await t.test("a file that was only touched is read again: what it says counts, not why", async () => {
    const { ok } = await nextReload(gateway, () => utimes(rootFile, new Date(), new Date()));
    assert.equal(ok, true);
    assert.equal((await ask(options)).status, 200);
  });

  await t.test("with reloadOnChange: false nothing is, until SIGHUP", async () => {
    const told = await startGateway(t, { ...config, metrics: undefined, reloadOnChange: false });
    const before = await shown(told.port);
    const next = await issueServer();
    await writeFile(serverCertificateFile, next.cert);
    await writeFile(serverKeyFile, next.key);
    await writeFile(listFile, await list(4, mallory.identity));
    await sleep(1_200);
    assert.equal(reloadsOf(told), 0);
    assert.equal(await shown(told.port), before);
    assert.equal((await ask({ ...mallory, port: told.port })).status, 200);
    assert.ok((await nextReload(told, () => { told.signal("SIGHUP"); })).ok); // prettier-ignore
    assert.equal(await shown(told.port), fingerprintOf(next));
    assert.equal((await ask({ ...mallory, port: told.port })).status, 403);
  });
});
