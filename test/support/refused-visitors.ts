/** One gateway's configuration, and everybody whom it refuses for what they show or where they want to go. */
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority, createRevocationList } from "@sallyport/certs";
import { readCertificate } from "@sallyport/identity";
import { badCertificates } from "./bad-certificates.ts";
import { gatewayConfig, type GatewayConfig } from "./running-gateway.ts";
import type { Identity, TestAuthority } from "./test-authority.ts";

export type RefusedVisitor = {
  readonly name: string;
  readonly status: number;
  readonly code: string;
  /** What the operator reads in the log. */
  readonly detail: RegExp;
  readonly identity: Identity | undefined;
  /** Asked for in the handshake (SNI). */
  readonly serverName: string;
  readonly host: string;
  readonly path: string;
};

/** Where Grace gets in, so that a refusal of somebody else there says something: host, and path. */
export const openPlaces = [
  ["localhost", "/flask/"],
  ["localhost", "/small/"],
  ["localhost", "/legacy/"],
  ["deep.test", "/flask/"],
] as const;

const place = { serverName: "localhost", host: "localhost", path: "/flask/", status: 403 };

/** @param port the backend's */
export async function refusedVisitors(
  authority: TestAuthority,
  port: number,
): Promise<{ readonly config: GatewayConfig; readonly visitors: readonly RefusedVisitor[] }> {
  const { folder, grace, issue, root, rootFile } = authority;
  const keyAlgorithm = "ec-p256";
  const [revoked, byKey, mallory] = [
    await issue("Grace Hopper"),
    await issue("Grace Hopper"),
    await issue("Mallory"),
  ];
  const above = await createAuthority({
    subject: [{ type: "CN", value: "Revoked" }],
    issuer: root,
    keyAlgorithm,
  });
  const below = await issue("Grace Hopper", { issuer: above });
  const listed = await issue("Grace Hopper");
  const { serialNumber } = read(listed);
  const elsewhere = await createAuthority({ subject: [{ type: "CN", value: "Elsewhere" }], keyAlgorithm });

  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const denied = [
    { fingerprint: read(revoked).sha256, note: "lost" },
    { spki: read(byKey).spkiSha256 },
    { fingerprint: read({ cert: above.certificatePem }).sha256 },
  ];
  const denyList = await file("denied.yaml", JSON.stringify(denied));
  const list = await createRevocationList({
    issuer: root,
    revoked: [{ serialNumber, reason: "keyCompromise" }],
  });
  const crl = await file("revoked.crl", list.pem);
  const elsewhereFile = await file("elsewhere.pem", elsewhere.certificatePem);
  const otherList = await file("elsewhere.crl", (await createRevocationList({ issuer: elsewhere })).pem);

  const upstream = `http://127.0.0.1:${port}/`;
  const routes = [{ prefix: "/flask/", upstream }];
  const host = (name: string, clients: object) => ({ names: [name], clients: { authorities: [rootFile], ...clients }, routes }); // prettier-ignore
  const config = {
    ...gatewayConfig(authority, port, { clients: { revocation: [{ denyList }] } }),
    contact: "the test desk",
    metrics: { port: 0 },
    routes: [
      ...routes,
      { prefix: "/small/", upstream, headLimit: 8192 },
      { prefix: "/legacy/", upstream, identity: ["mod_ssl-legacy"] },
      { prefix: "/nobody/", upstream, rules: [{ allow: { subject: { CN: "Nobody" } } }] },
      {
        prefix: "/not-mallory/",
        upstream,
        rules: [{ deny: { subject: { CN: "Mallory" } } }, { allow: "any" }],
      },
    ],
    hosts: [
      host("deep.test", { depth: 2, revocation: [{ denyList }] }),
      host("listed.test", { revocation: [{ crl }] }),
      host("unlisted.test", { authorities: [rootFile, elsewhereFile], revocation: [{ crl: otherList }] }),
      host("ocsp.test", { revocation: [{ ocsp: "http://127.0.0.1:1/" }] }),
      host("elsewhere.test", { authorities: [elsewhereFile] }),
    ],
  };
  const at = (name: string) => ({ ...place, serverName: name, host: name });
  const two = await issue("Mallory/CN=Grace Hopper");
  const [large, larger] = await Promise.all([6_000, 20_000].map((size) => issue("a".repeat(size))));
  const gone = { ...place, code: "certificate-revoked", detail: /denied\.yaml:\d+ denies it/ };
  const unknown = { status: 503, code: "revocation-unavailable", identity: grace };
  const visitors: readonly RefusedVisitor[] = [
    ...(await badCertificates(authority)).map(({ name, code, identity }) => ({
      ...place,
      ...{ name, code, identity, detail: code === "certificate-missing" ? /^undefined$/ : /^[A-Z][A-Z_]+$/ },
    })),
    { ...gone, name: "denied by fingerprint", identity: revoked, detail: /denies it \(lost\)/ },
    { ...gone, name: "denied by key", identity: byKey },
    { ...gone, ...at("deep.test"), name: "below a denied authority", identity: { ...below, cert: below.cert + above.certificatePem } },
    { ...gone, ...at("listed.test"), name: "on a revocation list", identity: listed, detail: /revoked\.crl.*key ?Compromise/i },
    { ...place, ...unknown, ...at("ocsp.test"), status: 503, name: "no OCSP responder there", detail: /127\.0\.0\.1:1/ },
    { ...place, ...unknown, ...at("unlisted.test"), status: 503, name: "no list of her authority", detail: /elsewhere\.crl/ },
    { ...place, name: "whom no rule allows", path: "/nobody/", code: "not-allowed", detail: /rule/, identity: grace },
    { ...place, name: "whom a rule denies", path: "/not-mallory/", code: "not-allowed", detail: /rule|deny/, identity: mallory },
    { ...place, name: "two names in one", path: "/legacy/", code: "subject-ambiguous", detail: /./, identity: two },
    { ...place, name: "a name of 20 000 letters", code: "identity-too-large", detail: /./, identity: larger },
    { ...place, name: "a name too large for one route", path: "/small/", code: "identity-too-large", detail: /./, identity: large },
    { ...place, status: 421, name: "another site's Host", host: "deep.test", code: "misdirected-request", detail: /Host deep\.test/, identity: grace },
    { ...place, status: 421, name: "no certificate, and another site's Host", serverName: "deep.test", code: "misdirected-request", detail: /Host localhost/, identity: undefined },
  ]; // prettier-ignore
  return { config, visitors };
}

const read = ({ cert }: Pick<Identity, "cert">) => readCertificate(new X509Certificate(cert).raw);
