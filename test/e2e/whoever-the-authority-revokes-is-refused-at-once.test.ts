import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { issue, makeRoot, openAuthority, personSubject, writeCrl } from "@sallyport/certs";
import { outcomeAt } from "../support/outcome-at.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const certs = join(import.meta.dirname, "../../certs/src/main.ts");

/** The two know each other by a file alone: one writes it, the other watches it. */
test("whoever the authority revokes is refused at once", { timeout: 60_000 }, async (t) => {
  const gatewaysOwn = await createTestAuthority(t);
  const folder = join(gatewaysOwn.folder, "authority");
  await makeRoot({ folder, key: "ec-p256" });
  const authority = await openAuthority(folder);
  const issued = async (name: string, commonName: string) => {
    const subject = personSubject(authority, { commonName });
    const { certificatePem, privateKeyPem } = await issue(authority, {
      name,
      subject,
      keyAlgorithm: "ec-p256",
    });
    return { cert: certificatePem, key: privateKeyPem };
  };
  const [grace, renewed] = [await issued("grace", "Grace Hopper"), await issued("grace", "Grace Hopper")];
  const cecilia = await issued("cecilia", "Cecilia Payne");
  const { path } = await writeCrl(authority, { days: 1 });

  const backend = await recordingBackend(t);
  const people = { ...gatewaysOwn, rootFile: join(folder, "root.pem") };
  const clients = { revocation: [{ crl: path }] };
  const gateway = await startGateway(t, gatewayConfig(people, backend.port, { clients }));
  const verdictOf = async (identity: typeof grace) =>
    (await outcomeAt(gateway.port, "flask.local", identity)).verdict;
  for (const identity of [grace, renewed, cecilia]) assert.equal(await verdictOf(identity), 200);

  const command = spawn(
    process.execPath,
    [certs, "revoke", "grace", "--reason", "keyCompromise", "--out", folder],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const said = await text(command.stdout);
  const revoked = performance.now();
  if (command.exitCode === null) await once(command, "exit");
  assert.equal(command.exitCode, 0);
  assert.equal(said.match(/^Revoked grace on .* \(keyCompromise\): CN=Grace Hopper,/gm)?.length, 2);
  assert.match(said, /revoked\.crl: list number 2, 2 revoked, good until /);

  await waitUntil(
    async () => (await verdictOf(grace)) === "certificate-revoked",
    () => "Grace is let in still",
  );
  // it is promised within a second; a machine that does much else may be slower
  assert.ok(performance.now() - revoked < 2_500, `after ${performance.now() - revoked} ms`);
  assert.equal(await verdictOf(renewed), "certificate-revoked");
  assert.equal(await verdictOf(cecilia), 200);
});
