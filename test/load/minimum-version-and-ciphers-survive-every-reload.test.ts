import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { SecureVersion } from "node:tls";
import { createAuthority } from "@sallyport/certs";
import { agree } from "../support/agree.ts";
import { ask } from "../support/ask.ts";
import { authoritiesTold } from "../support/authorities-told.ts";
import { nextReload } from "../support/next-reload.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const versions = ["TLSv1.2", "TLSv1.3"] as const;
/** In `tls.ciphers`, where it is set; and what both sides could speak besides. */
const allowed = { "TLSv1.2": "ECDHE-ECDSA-AES256-GCM-SHA384", "TLSv1.3": "TLS_AES_256_GCM_SHA384" };
const others = { "TLSv1.2": "ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.3": "TLS_AES_128_GCM_SHA256" };

test("minimum version and ciphers survive every reload", { timeout: 120_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const second = await createAuthority({
    subject: [{ type: "CN", value: "Second Root" }],
    keyAlgorithm: "ec-p256",
  });
  const inFolder = (name: string) => join(authority.folder, name);
  const [secondFile, deniedFile] = [inFolder("second.pem"), inFolder("denied.yaml")];
  await writeFile(secondFile, second.certificatePem);
  await writeFile(deniedFile, "[]\n");
  const { serverCertificateFile: certificate, serverKeyFile: key, rootFile } = authority;
  const named = { tls: { certificate, key }, routes: [] };
  const authorities = [rootFile, secondFile];
  const config = gatewayConfig(authority, backend.port, {
    clients: { revocation: [{ denyList: deniedFile }] },
    hosts: [
      { ...named, names: ["plain.localhost"] },
      { ...named, names: ["choosy.localhost"], clients: { authorities, advertise: [secondFile] } },
    ],
  });
  const limited = (tls: object, clients: object = {}) => ({
    ...config,
    tls: { certificate, key, ...tls },
    clients: { ...(config["clients"] as object), ...clients },
  });
  const gateway = await startGateway(t, limited({}));
  const { port } = gateway;
  const read = async (...given: Parameters<typeof limited>) => {
    const { ok, problems } = await nextReload(gateway, () => gateway.reconfigure(limited(...given)));
    assert.ok(ok, problems.join("\n"));
  };
  let denials = 0;
  /** Everything that makes the gateway touch its TLS contexts or tickets. */
  const causes: readonly (readonly [name: string, cause: () => Promise<unknown>])[] = [
    ["as it was set", () => Promise.resolve()],
    ["SIGHUP", () => nextReload(gateway, () => { gateway.signal("SIGHUP"); })],
    ["another SIGHUP", () => nextReload(gateway, () => { gateway.signal("SIGHUP"); })],
    ["a refused one", () => nextReload(gateway, () => gateway.reconfigure("listen: [\n"))],
    ["a change of what is revoked", async () => {
      denials += 1;
      const identity = await authority.issue(`Mallory ${denials}`);
      await writeFile(deniedFile, `- { fingerprint: "${new X509Certificate(identity.cert).fingerprint256}" }\n`);
      await waitUntil(async () => (await ask({ port, identity }).catch(() => undefined))?.status === 403, () => "not in time: she is denied", 2_500);
    }],
  ]; // prettier-ignore
  const names = ["localhost", "plain.localhost", "choosy.localhost", ""];
  const everywhere = async (
    agreed: string | undefined,
    ...offer: [version: SecureVersion, ciphers?: string]
  ) => {
    const found = await Promise.all(names.map((name) => agree(port, name, ...offer)));
    assert.deepEqual(
      found,
      names.map(() => agreed),
      offer.join(" "),
    );
  };
  const advertised: readonly (readonly [name: string, clients: object])[] = [
    ["", {}],
    [", with authorities that are not advertised", { authorities, advertise: [secondFile] }],
  ];

  await t.test("without either, all of that is spoken", async () => {
    for (const version of versions)
      for (const suite of [allowed[version], others[version]])
        await everywhere(`${version} ${suite}`, version, suite);
  });
  for (const [addition, clients] of advertised) {
    await t.test(`minVersion${addition}`, async (t) => {
      await read({ minVersion: "TLSv1.3" }, clients);
      for (const [name, cause] of causes) {
        await t.test(name, async () => {
          await cause();
          await everywhere(undefined, "TLSv1.2");
          await everywhere("TLSv1.3 TLS_AES_256_GCM_SHA384", "TLSv1.3");
        });
      }
    });
    await t.test(`ciphers${addition}`, async (t) => {
      await read({ ciphers: `${allowed["TLSv1.3"]}:${allowed["TLSv1.2"]}` }, clients);
      for (const [name, cause] of causes) {
        await t.test(name, async () => {
          await cause();
          for (const version of versions) {
            await everywhere(undefined, version, others[version]);
            await everywhere(`${version} ${allowed[version]}`, version, allowed[version]);
          }
        });
      }
    });
  }

  await t.test("and the names of authorities that are told, under each name", async () => {
    const told = (...asked: string[]) => authoritiesTold(port, ...asked);
    const all = ["CN=Test Root,ST=Virginia,C=US", "CN=Second Root"];
    for (const [, clients] of advertised) {
      await read({}, clients);
      const top = "advertise" in clients ? all.slice(1) : all.slice(0, 1);
      assert.deepEqual(await told("-servername", "localhost"), top);
      assert.deepEqual(await told("-servername", "plain.localhost"), top);
      assert.deepEqual(await told("-servername", "choosy.localhost"), all.slice(1));
      // Who asks for no name is told none of them then, which means any.
      assert.deepEqual(await told("-noservername"), "advertise" in clients ? [] : top);
    }
  });
});
