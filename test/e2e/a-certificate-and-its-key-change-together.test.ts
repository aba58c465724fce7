import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { profiles } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { nextReload, reloadsOf } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a certificate and its key change together", { timeout: 90_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const config = gatewayConfig(authority, backend.port, { metrics: { port: 0 } });
  const { serverCertificateFile, serverKeyFile, grace } = authority;
  const [gateway, told] = await Promise.all([
    startGateway(t, config),
    startGateway(t, { ...config, reloadOnChange: false }),
  ]);
  const metrics = await metricsPortOf(gateway);
  const healthy = async () => (await scrape(metrics))("sallyport_config_reload_healthy");
  const shown = async (port: number) => {
    const client = await connectRaw({ port, identity: grace });
    client.close();
    return client.certificate?.fingerprint256;
  };
  const issueServer = () =>
    authority.issue("*.flask.local", { profile: { ...profiles.server, keyAlgorithm: "ec-p256" } });
  const fingerprintOf = ({ cert }: Identity) => new X509Certificate(cert).fingerprint256;
  const first = await shown(told.port);

  /** Beside the file, and then into its place. */
  const replace = async (file: string, text: string) => {
    await writeFile(`${file}.next`, text);
    await rename(`${file}.next`, file);
  };
  const ways = [
    ["two writes", writeFile, 0],
    ["two renames", replace, 0],
    ["two writes, and long enough between them to be looked at", writeFile, 900],
  ] as const;
  for (const [how, put, gap] of ways) {
    await t.test(how, async () => {
      const before = await shown(gateway.port);
      const next = await issueServer();
      const seen = new Set<string | undefined>();
      const over = new AbortController();
      const watching = (async () => {
        while (!over.signal.aborted) {
          seen.add(await shown(gateway.port));
          assert.equal((await ask({ port: gateway.port, identity: grace })).status, 200);
          await sleep(10);
        }
      })();
      await put(serverCertificateFile, next.cert);
      await sleep(gap);
      if (gap > 0) {
        assert.deepEqual(seen, new Set([before]), "a certificate without its key is not served");
        assert.equal(await healthy(), 0);
      }
      await put(serverKeyFile, next.key);
      await waitUntil(
        async () => (await shown(gateway.port)) === fingerprintOf(next),
        () => "not in time: the new one is served",
      );
      over.abort();
      await watching;
      seen.delete(fingerprintOf(next));
      assert.deepEqual([...seen], [before], "the one pair or the other, all the time");
      assert.equal(await healthy(), 1);
    });
  }

  await t.test("and with reloadOnChange: false, not before SIGHUP", async () => {
    assert.equal(reloadsOf(told), 0);
    assert.equal(await shown(told.port), first);
    assert.ok((await nextReload(told, () => { told.signal("SIGHUP"); })).ok); // prettier-ignore
    assert.equal(await shown(told.port), await shown(gateway.port));
    assert.notEqual(await shown(told.port), first);
  });
});
