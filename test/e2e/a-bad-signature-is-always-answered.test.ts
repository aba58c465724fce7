import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority, type KeyAlgorithm } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const tries = 20;
const algorithms: readonly KeyAlgorithm[] = ["rsa-2048", "ec-p256"];

/** OpenSSL leaves the failed verification in its error queue, and a careless server drops the connection over it. */
test("a bad signature is always answered", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const roots = await Promise.all(
    algorithms.map(async (keyAlgorithm) => {
      const subject = [{ type: "CN", value: `Root ${keyAlgorithm}` }];
      const [root, impostor] = await Promise.all([
        createAuthority({ subject, keyAlgorithm }),
        createAuthority({ subject, keyAlgorithm }),
      ]);
      const file = join(authority.folder, `${keyAlgorithm}.pem`);
      await writeFile(file, root.certificatePem);
      return { name: keyAlgorithm, file, root, impostor };
    }),
  );
  const authorities = roots.map(({ file }) => file);
  const { port } = await startGateway(
    t,
    gatewayConfig(authority, backend.port, { clients: { authorities } }),
  );
  for (const { name, root, impostor } of roots) {
    const issuer = { certificatePem: root.certificatePem, privateKeyPem: impostor.privateKeyPem };
    for (const keyAlgorithm of algorithms) {
      const identity = await authority.issue("Grace Hopper", { issuer, keyAlgorithm });
      for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
        await t.test(`${keyAlgorithm} leaf, ${name} root, ${version}: ${tries} of ${tries}`, async () => {
          for (let attempt = 0; attempt < tries; attempt += 1) {
            const answer = await ask({ port, identity, version }, { lines: ["Accept: text/plain"] });
            assert.equal(answer.status, 403);
            assert.match(answer.text, /certificate-untrusted/);
          }
        });
      }
    }
  }
});
