import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createAuthority, type Issued } from "@sallyport/certs";
import { holdOpen } from "../support/held-open.ts";
import { livelyBackend } from "../support/lively-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject, type Identity } from "../support/test-authority.ts";

const keyAlgorithm = "ec-p256";

test("whoever may not stay loses what is open", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { root, rootFile, folder, issue } = authority;
  const backend = await livelyBackend(t);
  const authorityNamed = (name: string, more: object = {}) =>
    createAuthority({ subject: [{ type: "CN", value: name }], keyAlgorithm, ...more });
  const leafOf = async (name: string, issuer: Issued): Promise<Identity> => {
    const { cert, key } = await issue(name, { issuer });
    return { cert: cert + issuer.certificatePem, key };
  };
  const otherRoot = await authorityNamed("Other Root");
  const otherFile = join(folder, "other.pem");
  await writeFile(otherFile, otherRoot.certificatePem);
  const lasting = await authorityNamed("Test Intermediate", { issuer: root });

  const clients = { authorities: [rootFile, otherFile], depth: 2 };
  const config = (clients: object, route: object = {}) =>
    gatewayConfig(authority, backend.port, { clients, route });
  const gateway = await startGateway(t, config(clients));
  const open = (name: string, identity: Identity) =>
    holdOpen(t, backend, gateway.port, `CN=${name},ST=Virginia,C=US`, identity);

  const start = performance.now();
  const people = {
    denied: await open("Mallory", await issue("Mallory")),
    foreign: await open("Other Subject", await issue("Other Subject", { issuer: otherRoot })),
    deep: await open("Deep Subject", await leafOf("Deep Subject", lasting)),
    grace: await holdOpen(t, backend, gateway.port, graceSubject, authority.grace),
  };
  const opening = performance.now() - start;
  const allGoOn = async (...names: readonly (keyof typeof people)[]) => {
    for (const name of names) await people[name].goesOn();
  };

  const route = { rules: [{ deny: { subject: { CN: "Mallory" } } }, { allow: "any" }] };
  await t.test("a rule against her", async () => {
    await gateway.reconfigure(config(clients, route));
    await people.denied.isCut("not-allowed", performance.now());
    await allGoOn("foreign", "deep", "grace");
  });

  await t.test("her authority is removed", async () => {
    await gateway.reconfigure(config({ ...clients, authorities: [rootFile] }, route));
    await people.foreign.isCut("certificate-untrusted", performance.now());
    await allGoOn("deep", "grace");
  });

  await t.test("her certificate ends, or that of the authority above her", async () => {
    // Time enough to open everything, however busy the machine is.
    const notAfter = new Date(Date.now() + 2_000 + 1.5 * opening);
    const end = performance.now() + notAfter.setMilliseconds(0) - Date.now();
    const ending = await authorityNamed("Ending Intermediate", { issuer: root, notAfter });
    const ended = await open("Brief Subject", await issue("Brief Subject", { notAfter }));
    const below = await open("Test Subject", await leafOf("Test Subject", ending));
    await delay(end - performance.now());
    await Promise.all([
      ended.isCut("certificate-expired", end, "kept"),
      below.isCut("certificate-untrusted", end, "kept"),
    ]);
    await allGoOn("deep", "grace");
  });

  assert.equal(gateway.stderr(), "");
});
