import assert from "node:assert/strict";
import { rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createAuthority, createRevocationList, type RevocationListRequest } from "@sallyport/certs";
import { nextReload } from "../support/next-reload.ts";
import { outcomeAt } from "../support/outcome-at.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority, rootName } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const hour = 60 * 60 * 1000;
const keyAlgorithm = "ec-p256";

/** The list of before is changed in one way for each host, and all of them are read again: by themselves, or on SIGHUP. */
for (const reloadOnChange of [true, false]) {
  const when = reloadOnChange ? "on a change" : "on SIGHUP";
  test(`a bad list takes nobody's place, read ${when}`, { timeout: 60_000 }, async (t) => {
    const authority = await createTestAuthority(t);
    const { root, rootFile, folder, grace } = authority;
    const backend = await recordingBackend(t);
    const stranger = await createAuthority({ subject: [{ type: "CN", value: "Other Root" }], keyAlgorithm });
    const namesake = await createAuthority({ subject: rootName, keyAlgorithm });
    const [mallory, cecilia] = [await authority.issue("Mallory"), await authority.issue("Cecilia Payne")];
    const revoking = (...people: (typeof grace)[]) =>
      people.map((each) => ({ serialNumber: serialOf(each) }));
    const good = await createRevocationList({ issuer: root, number: 5, revoked: revoking(mallory) });
    const better = await createRevocationList({
      issuer: root,
      number: 9,
      revoked: revoking(mallory, cecilia),
    });
    /** What whoever wants to let Mallory in and to keep Grace out would put there. */
    const evil = async (request: Partial<RevocationListRequest>) =>
      createRevocationList({ issuer: root, number: 6, revoked: revoking(grace), ...request });
    const tampered = Buffer.from((await evil({})).der);
    tampered.writeUInt8(tampered.readUInt8(tampered.length - 9) ^ 1, tampered.length - 9);
    const past = { thisUpdate: new Date(Date.now() - 2 * hour), nextUpdate: new Date(Date.now() - hour) };
    const future = { thisUpdate: new Date(Date.now() + hour) };
    const deltaOf5 = { type: "2.5.29.27", critical: true, value: Buffer.from([2, 1, 5]) };
    const unknown = { type: "1.2.3.4", critical: true, value: Buffer.from([5, 0]) };
    const half = ({ der }: { der: Uint8Array }) => der.subarray(0, der.length / 2);
    const bad: Readonly<Record<string, string | Uint8Array | undefined>> = {
      empty: "",
      garbage: "no list at all\n",
      "garbage-pem": "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
      truncated: half(await evil({})),
      older: (await evil({ number: 4 })).pem,
      foreign: (await evil({ issuer: stranger })).pem,
      namesake: (await evil({ issuer: namesake })).pem,
      tampered,
      ended: (await evil(past)).pem,
      "not-begun": (await evil(future)).pem,
      delta: (await evil({ extensions: [deltaOf5] })).pem,
      extended: (await evil({ extensions: [unknown] })).pem,
      "a-certificate": root.certificatePem,
      deleted: undefined,
    };
    const names = Object.keys(bad);
    const fileOf = (name: string) => join(folder, `${name}.crl`);
    const hostOf = (name: string) => `${name}.flask.local`;
    const writeAll = async (contentOf: (name: string) => string | Uint8Array | undefined) => {
      for (const name of names) {
        const content = contentOf(name);
        await (content === undefined ? rm(fileOf(name)) : writeFile(fileOf(name), content));
      }
    };
    await writeAll(() => good.pem);
    const { routes, ...config } = gatewayConfig(authority, backend.port, { metrics: { port: 0 } });
    const hosts = names.map((name) => ({
      names: [hostOf(name)],
      clients: { authorities: [rootFile], revocation: [{ crl: fileOf(name) }] },
      routes,
    }));
    const gateway = await startGateway(t, { ...config, routes, hosts, reloadOnChange });
    const metrics = await metricsPortOf(gateway);
    const problemsAre = async (problem: 0 | 1) => {
      const figures = await scrape(metrics);
      return names.every(
        (name) => figures(`sallyport_revocation_problem{name="crl ${fileOf(name)}"}`) === problem,
      );
    };
    const reread = async (problem: 0 | 1) => {
      if (!reloadOnChange)
        assert.ok(
          (
            await nextReload(gateway, () => {
              gateway.signal("SIGHUP");
            })
          ).ok,
        );
      await waitUntil(
        () => problemsAre(problem),
        () => `sallyport_revocation_problem is not ${problem} for all`,
      );
    };
    const verdict = async (name: string, person: typeof grace) =>
      (await outcomeAt(gateway.port, hostOf(name), person)).verdict;
    assert.ok(await problemsAre(0));

    await writeAll((name) => bad[name]);
    await reread(1);
    // The same once more: nothing new to tell.
    for (const name of names) if (bad[name] !== undefined) await utimes(fileOf(name), 1, 1);
    if (reloadOnChange) await delay(1_000);
    await reread(1);
    for (const name of names) {
      await t.test(`${name}: the last good one stays`, async () => {
        assert.equal(await verdict(name, mallory), "certificate-revoked");
        assert.equal(await verdict(name, grace), 200);
        const warnings = gateway.log.filter(
          ({ level, msg }) => level === "warn" && String(msg).includes(fileOf(name)),
        );
        assert.equal(warnings.length, 1, JSON.stringify(warnings));
        assert.match(
          String(warnings[0]?.["next"]),
          /openssl crl|clients\.authorities|newer/,
          "what to do next",
        );
      });
    }
    await writeAll(() => better.pem);
    await reread(0);
    for (const name of names) {
      await t.test(`${name}: a good one ends it`, async () => {
        assert.equal(await verdict(name, mallory), "certificate-revoked");
        assert.equal(await verdict(name, grace), 200);
        await waitUntil(
          async () => (await verdict(name, cecilia)) === "certificate-revoked",
          () => "the newer list is not in force",
        );
      });
    }
    assert.equal(gateway.stderr(), "");
  });
}
