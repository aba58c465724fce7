import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { rootCertificates } from "node:tls";
import { createAuthority } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { nextReload } from "../support/next-reload.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway, type RunningGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const past = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000);

test("an authority that lets in too many is warned about", { timeout: 30_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const root = authority.root.certificatePem;
  const file = async (name: string, ...pems: readonly string[]) => {
    const path = join(authority.folder, name);
    await writeFile(path, pems.join(""));
    return path;
  };
  const make = async (CN: string, more: object = {}) => {
    const subject = [{ type: "CN", value: CN }];
    return (await createAuthority({ subject, keyAlgorithm: "ec-p256", ...more })).certificatePem;
  };
  const plainName = /^CN=([A-Za-z0-9 ]+)$/m;
  const nameOf = (pem: string) => plainName.exec(new X509Certificate(pem).subject)?.[1];
  const known = rootCertificates.find((pem) => nameOf(pem) !== undefined) ?? "";
  const many = await Promise.all(Array.from({ length: 10 }, (_, at) => make(`Root ${at}`)));
  const kinds: readonly (readonly [name: string, pems: readonly string[], notice: RegExp | undefined])[] = [
    ["ten roots of one's own", many, undefined],
    ["more than ten", [root, ...many], /^11 roots are accepted/],
    ["a public authority", [root, `${known}\n`], / is a public authority: whoever gets a certificate from it/],
    ["one that has ended", [root, await make("Old Root", { notBefore: past(9), notAfter: past(2) })], /^CN=Old Root has ended/],
    ["one that is none", [root, authority.grace.cert], /^CN=Grace Hopper,ST=Virginia,C=US is no authority/],
    ["no root", [await make("Twig", { issuer: authority.root })], /^none of them is a root/],
  ]; // prettier-ignore
  const hosts = await Promise.all(
    kinds.map(async ([name, pems], at) => ({
      names: [`h${at}.example`],
      clients: { authorities: [await file(`${name}.pem`, ...pems)] },
      routes: [],
    })),
  );
  const config = gatewayConfig(authority, backend.port, { hosts });
  const warnings = ({ log }: RunningGateway, from = 0) =>
    log.slice(from).flatMap(({ level, notice }) => (level === "warn" ? [String(notice)] : []));
  const expected = kinds.flatMap(([, , notice]) => notice ?? []);
  const agrees = (notices: readonly string[]) => {
    assert.equal(notices.length, expected.length, notices.join("\n"));
    for (const [at, notice] of notices.entries()) assert.match(notice, expected[at] ?? /^$/);
  };

  const gateway = await startGateway(t, config);
  await t.test("at the start, and before it listens, with its name", () => {
    agrees(warnings(gateway));
    assert.equal(gateway.log.at(-1)?.["msg"], "listening");
    const name = `CN=${nameOf(known) ?? ""}`;
    assert.ok(warnings(gateway).some((notice) => notice.includes(name)));
  });
  await t.test("and the gateway serves all the same", async () => {
    assert.equal((await ask({ port: gateway.port, identity: authority.grace })).status, 200);
  });
  await t.test("at a reload again", async () => {
    const from = gateway.log.length;
    const { ok } = await nextReload(gateway, () => {
      gateway.signal("SIGHUP");
    });
    assert.ok(ok);
    agrees(warnings(gateway, from));
  });
});
