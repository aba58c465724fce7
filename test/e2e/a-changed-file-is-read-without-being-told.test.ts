import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createRevocationList } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { valuesOf } from "../support/message.ts";
import { nextReload, reloadsOf } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a changed file is read without being told", { timeout: 90_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const other = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const inFolder = (name: string) => join(authority.folder, name);
  const { rootFile } = authority;
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
  });
  const gateway = await startGateway(t, config);
  const options = { port: gateway.port, identity: authority.grace };
  const mallory = { port: gateway.port, identity: await authority.issue("Mallory") };
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

  await t.test(
    "a list of revoked certificates, on open connections too, and nothing else is read anew",
    async () => {
      const reloads = reloadsOf(gateway);
      const open = await connectRaw(mallory);
      open.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assert.equal((await open.awaitAnswers(1))[0]?.status, 200);
      await replace(listFile, await list(2, mallory.identity));
      await waitUntil(
        async () => (await ask(mallory).catch(() => undefined))?.status === 403,
        () => "not in time: Mallory is revoked",
        2_500,
      );
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
    await waitUntil(
      async () => (await ask(mallory).catch(() => undefined))?.status === 200,
      () => "not in time: Mallory is back",
      2_500,
    );
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
    const lateList = inFolder("late.crl");
    const clients = { ...(config["clients"] as object), revocation: [{ crl: lateList }] };
    const unlisted = await nextReload(gateway, () => gateway.reconfigure({ ...next, clients }));
    assert.match(unlisted.problems.join("\n"), /late\.crl/);
    await sleep(300);
    const listed = await list(4, mallory.identity);
    assert.equal((await nextReload(gateway, () => writeFile(lateList, listed))).ok, true);
    assert.equal((await ask(mallory)).status, 403);
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
});
