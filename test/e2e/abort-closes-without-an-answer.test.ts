import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { badCertificates } from "../support/bad-certificates.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

/** OpenSSL's words; it has none for what is too weak, and where it refuses by itself, nobody else has the word. */
const words: Readonly<Record<string, RegExp>> = {
  "certificate-missing": /certificate$/,
  "certificate-expired": /^CERT_HAS_EXPIRED$/,
  "certificate-not-yet-valid": /^CERT_NOT_YET_VALID$/,
  "certificate-wrong-purpose": /^INVALID_PURPOSE$/,
  "certificate-too-deep": /^CERT_CHAIN_TOO_LONG$/,
  "certificate-malformed": /^CERT_MALFORMED$/,
  "certificate-weak-key": /^(?:WEAK_(?:KEY|SIGNATURE|AUTHORITY)|UNSPECIFIED)$/,
  "certificate-revoked": /denied\.yaml:1 denies it \(lost\)$/,
  "certificate-untrusted": /^[A-Z][A-Z_]+$/,
};

void test("onBadCertificate: abort closes without an answer", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const revoked = await authority.issue("Grace Hopper");
  const denyList = join(authority.folder, "denied.yaml");
  const fingerprint = new X509Certificate(revoked.cert).fingerprint256;
  await writeFile(denyList, `- ${JSON.stringify({ fingerprint, note: "lost" })}\n`);
  const listen = { onBadCertificate: "abort" };
  const start = (presence: string) =>
    startGateway(t, gatewayConfig(authority, backend.port, { listen, clients: { presence, revocation: [{ denyList }] } })); // prettier-ignore
  const gateways = { required: await start("required"), optional: await start("optional") };
  const cases = [
    ...(await badCertificates(authority)),
    { name: "revoked", identity: revoked, code: "certificate-revoked" },
  ];

  for (const [presence, { port, log, logged }] of Object.entries(gateways)) {
    const refusals = () => log.filter(({ msg }) => /^handshake (?:failed|refused)$/.test(String(msg)));
    let expected = 0;
    for (const { name, identity, code } of cases) {
      if (identity === undefined && presence === "optional") continue;
      for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
        await t.test(`${presence}, ${version}: ${name}`, async () => {
          const client = await connectRaw({ port, identity, version });
          client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
          await client.settle(1000);
          assert.ok(client.ended(), "the connection is still open");
          assert.equal(client.received().length, 0);
          expected += 1;
          await logged(() => refusals().length === expected);
          const { level, reason, detail, address } = refusals().at(-1) ?? {};
          assert.deepEqual([level, address], ["warn", "127.0.0.1"]);
          const said = reason === "certificate-refused" || reason === "no-certificate" ? detail : reason;
          assert.match(String(said), words[code] ?? assert.fail(code));
        });
      }
    }
  }

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    await t.test(`${version}: nobody gets in by the session of a connection that was closed`, async () => {
      const { port } = gateways.optional;
      const first = await connectRaw({ port, version, identity: revoked });
      await first.settle(1000);
      const session = first.session();
      const again = await connectRaw({ port, version, ...(session && { session }) });
      again.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await again.settle(1000);
      // On a connection of its own this client is anonymous, and may be.
      if (again.resumed) assert.equal(again.received().length, 0);
      again.close();
    });
  }
  await t.test("and the backend has heard nothing of it", () => {
    assert.doesNotMatch(backend.bytes().toString("latin1"), /SUCCESS/);
  });
  await t.test("while Grace is let in by both, and the anonymous where they may", async () => {
    const { required, optional } = gateways;
    assert.equal((await ask({ port: required.port, identity: authority.grace })).status, 200);
    assert.equal((await ask({ port: optional.port, identity: authority.grace })).status, 200);
    assert.equal((await ask({ port: optional.port })).status, 200);
  });
});
