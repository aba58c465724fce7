import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createAuthority, createRevocationList } from "@sallyport/certs";
import { outcomeAt } from "../support/outcome-at.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";

const page = new URL("../../docs/revocation.md", import.meta.url);

/** What a reader does: the page's configuration, its commands, and what they print in the places of its examples. */
test("the page about revocation is true", { timeout: 30_000 }, async (t) => {
  const text = await readFile(page, "utf8");
  const [example = "", denyList = ""] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, block]) => block,
  );
  const [commands = ""] = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  const authority = await createTestAuthority(t);
  const { root, folder, issue } = authority;
  const intermediate = await createAuthority({
    subject: [{ type: "CN", value: "Test Intermediate" }],
    ...{ issuer: root, keyAlgorithm: "ec-p256" },
  });
  const person = async (): Promise<Identity> => {
    const { cert, key } = await issue("Test Subject", { issuer: intermediate });
    return { cert: cert + intermediate.certificatePem, key };
  };
  const printed = async ({ cert }: Identity) => {
    const file = join(folder, "FILE");
    await writeFile(file, cert);
    return (await promisify(execFile)("sh", ["-c", commands], { cwd: folder })).stdout;
  };
  const [byFingerprint, bySerial, byKey, listed, good] = await Promise.all([person(), person(), person(), person(), person()]); // prettier-ignore
  const find = (pattern: RegExp, output: string) => {
    const [, found] = pattern.exec(output) ?? [];
    assert.ok(found, `${String(pattern)} is not in ${output}`);
    return found;
  };
  const replacements = [
    ["AB:CD:...", find(/Fingerprint=(.*)/, await printed(byFingerprint))],
    ["0A:1B:2C", find(/serial=(.*)/, await printed(bySerial))],
    [/CN=Root[^"]*/, find(/issuer=(.*)/, await printed(bySerial))],
    ['"..."', `"${find(/^(?:.*= ?)?([0-9a-f]{64})$/m, await printed(byKey))}"`],
  ] as const;
  const denied = replacements.reduce((list, [from, to]) => list.replace(from, to), denyList);
  assert.doesNotMatch(denied, /\.\.\.|Flask/);
  await writeFile(join(folder, "denied.yaml"), denied);
  await writeFile(join(folder, "intermediate.pem"), intermediate.certificatePem);
  const lists = [
    await createRevocationList({ issuer: root }),
    await createRevocationList({ issuer: intermediate, revoked: [{ serialNumber: serialOf(listed) }] }),
  ];
  await writeFile(join(folder, "revoked.crl"), lists.map(({ pem }) => pem).join(""));

  const backend = await recordingBackend(t);
  const { listen, tls, routes } = gatewayConfig(authority, backend.port);
  const around = Object.entries({ listen, tls, routes }).map(
    ([key, value]) => `${key}: ${JSON.stringify(value)}\n`,
  );
  const clients = example.replaceAll(/[a-z]+\.(?:pem|yaml|crl)/g, (name) => join(folder, name));
  const gateway = await startGateway(t, around.join("") + clients);
  const verdict = async (identity: Identity) =>
    (await outcomeAt(gateway.port, "localhost", identity)).verdict;
  for (const [name, identity] of Object.entries({ byFingerprint, bySerial, byKey, listed }))
    assert.equal(await verdict(identity), "certificate-revoked", name);
  assert.equal(await verdict(good), 200);
});
