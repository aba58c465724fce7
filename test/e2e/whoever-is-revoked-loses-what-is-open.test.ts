import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createRevocationList } from "@sallyport/certs";
import { holdOpen } from "../support/held-open.ts";
import { livelyBackend } from "../support/lively-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { createTestAuthority, graceSubject, type Identity } from "../support/test-authority.ts";

/** With `reloadOnChange` the change of the file is enough; without, it takes a SIGHUP. */
for (const reloadOnChange of [true, false]) {
  const when = reloadOnChange ? "a file changes" : "SIGHUP comes";
  test(`whoever is revoked loses what is open when ${when}`, { timeout: 60_000 }, async (t) => {
    const authority = await createTestAuthority(t);
    const backend = await livelyBackend(t);
    const [denied, list] = [join(authority.folder, "denied.yaml"), join(authority.folder, "revoked.crl")];
    let number = 0;
    const writeList = async (...revoked: readonly Identity[]) => {
      const serialNumbers = revoked.map(({ cert }) => new X509Certificate(cert).serialNumber);
      const { pem } = await createRevocationList({
        issuer: authority.root,
        number: (number += 1),
        revoked: serialNumbers.map((serialNumber) => ({ serialNumber })),
      });
      await writeFile(list, pem);
    };
    await writeFile(denied, "[]\n");
    await writeList();
    const revocation = [{ denyList: denied }, { crl: list }];
    const metrics = { port: 0 };
    const config = gatewayConfig(authority, backend.port, { clients: { revocation }, metrics });
    const gateway = await startGateway(t, { ...config, reloadOnChange });
    const victims = [];
    for (const name of ["Mallory", "Test Subject"]) {
      const identity = await authority.issue(name);
      const held = await holdOpen(t, backend, gateway.port, `CN=${name},ST=Virginia,C=US`, identity);
      victims.push({ identity, held });
    }
    const grace = await holdOpen(t, backend, gateway.port, graceSubject, authority.grace);
    const [first, second] = victims;
    assert.ok(first && second);
    const change = () => {
      if (!reloadOnChange) gateway.signal("SIGHUP");
      return performance.now();
    };

    await t.test("named by the deny list", async () => {
      const fingerprint = new X509Certificate(first.identity.cert).fingerprint256;
      await writeFile(denied, JSON.stringify([{ fingerprint }]));
      await first.held.isCut("certificate-revoked", change());
      await second.held.goesOn();
      await grace.goesOn();
    });

    await t.test("named by the revocation list", async () => {
      await writeList(second.identity);
      await second.held.isCut("certificate-revoked", change());
      await grace.goesOn();
    });

    const figures = await scrape(await metricsPortOf(gateway));
    assert.ok(figures('sallyport_cut_total{code="certificate-revoked"}') >= 10, "five streams of two people");
    assert.equal(gateway.stderr(), "");
  });
}
