/** Gateways by their configuration, and everybody whom they refuse for what they show or where they want to go. */
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

export type RefusingSite = {
  readonly name: string;
  readonly config: GatewayConfig;
  readonly visitors: readonly RefusedVisitor[];
  /** Whether it resumes sessions. */
  readonly resumes: boolean;
  /** Host and path where Grace gets in, so that a refusal of somebody else there says something. */
  readonly open: readonly (readonly [host: string, path: string])[];
};

/** Every code that a certificate can lead to. */
export const certificateCodes = [
  "certificate-expired", "certificate-malformed", "certificate-missing", "certificate-not-yet-valid", "certificate-revoked", "certificate-too-deep",
  "certificate-untrusted", "certificate-weak-key", "certificate-wrong-purpose", "identity-too-large", "misdirected-request", "not-allowed",
  "revocation-unavailable", "subject-ambiguous",
]; // prettier-ignore

const here = { serverName: "localhost", host: "localhost", path: "/flask/", status: 403 };
const revoked = { ...here, code: "certificate-revoked", detail: /denied\.yaml:\d+ denies it/ };
const read = ({ cert }: Pick<Identity, "cert">) => readCertificate(new X509Certificate(cert).raw);

/** @param port the backend's */
export async function refusingSites(authority: TestAuthority, port: number): Promise<readonly RefusingSite[]> {
  const { folder, grace, issue, root, rootFile } = authority;
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const create = (name: string, issuer?: typeof root) =>
    createAuthority({ subject: [{ type: "CN", value: name }], keyAlgorithm: "ec-p256", ...(issuer && { issuer }) });
  const [lost, lostKey, listed, mallory, two] = await Promise.all(
    ["Grace Hopper", "Grace Hopper", "Grace Hopper", "Mallory", "Mallory/CN=Grace Hopper"].map((name) => issue(name)),
  ) as [Identity, Identity, Identity, Identity, Identity];
  const [large, larger] = await Promise.all([6_000, 20_000].map((size) => issue("a".repeat(size))));
  const [above, elsewhere] = [await create("Test Intermediate", root), await create("Elsewhere")];
  const below = await issue("Grace Hopper", { issuer: above });
  const denied = [
    { fingerprint: read(lost).sha256, note: "lost" },
    { spki: read(lostKey).spkiSha256 },
    { fingerprint: read({ cert: above.certificatePem }).sha256 },
  ];
  const denyList = await file("denied.yaml", JSON.stringify(denied));
  const reason = "keyCompromise";
  const list = await createRevocationList({ issuer: root, revoked: [{ serialNumber: read(listed).serialNumber, reason }] });
  const crl = await file("revoked.crl", list.pem);
  const elsewhereFile = await file("elsewhere.pem", elsewhere.certificatePem);
  const otherList = await file("elsewhere.crl", (await createRevocationList({ issuer: elsewhere })).pem);

  const upstream = `http://127.0.0.1:${port}/`;
  const common = (groups: Readonly<Record<string, object>>) =>
    ({ ...gatewayConfig(authority, port, { ...groups, metrics: { port: 0 } }), contact: "the test desk" });
  const host = (name: string, clients: object) =>
    ({ names: [name], clients: { authorities: [rootFile], ...clients }, routes: [{ prefix: "/flask/", upstream }] });
  const bad = (await badCertificates(authority)).map(({ name, code, identity }): RefusedVisitor => {
    const detail = identity === undefined ? /^undefined$/ : /^[A-Z][A-Z_]+$/;
    return { ...here, name, code, identity, detail };
  });
  const unavailable = { ...here, status: 503, code: "revocation-unavailable", identity: grace };
  return [
    {
      name: "one site",
      resumes: true,
      config: {
        ...common({ clients: { revocation: [{ denyList }] } }),
        routes: [
          { prefix: "/flask/", upstream },
          { prefix: "/small/", upstream, headLimit: 8192 },
          { prefix: "/legacy/", upstream, identity: ["mod_ssl-legacy"] },
          { prefix: "/nobody/", upstream, rules: [{ allow: { subject: { CN: "Nobody" } } }] },
          { prefix: "/not-mallory/", upstream, rules: [{ deny: { subject: { CN: "Mallory" } } }, { allow: "any" }] },
        ],
      },
      open: [["localhost", "/flask/"], ["localhost", "/small/"], ["localhost", "/legacy/"], ["localhost", "/not-mallory/"]],
      visitors: [
        ...bad,
        { ...revoked, name: "denied by fingerprint", identity: lost, detail: /denies it \(lost\)/ },
        { ...revoked, name: "denied by key", identity: lostKey },
        { ...here, name: "whom no rule allows", path: "/nobody/", code: "not-allowed", detail: /rule/, identity: grace },
        { ...here, name: "whom a rule denies", path: "/not-mallory/", code: "not-allowed", detail: /rule|deny/, identity: mallory },
        { ...here, name: "two names in one", path: "/legacy/", code: "subject-ambiguous", detail: /./, identity: two },
        { ...here, name: "a name too large for one route", path: "/small/", code: "identity-too-large", detail: /./, identity: large },
      ],
    },
    {
      name: "a site that asks a deny list, a revocation list and a responder who is not there",
      resumes: true,
      config: common({
        clients: { depth: 2, revocation: [{ denyList }, { crl }, { ocsp: "http://127.0.0.1:1/" }] },
      }),
      open: [],
      visitors: [
        { ...revoked, name: "on a revocation list", identity: listed, detail: /keyCompromise, says .*revoked\.crl$/ },
        { ...revoked, name: "below a denied authority", identity: { ...below, cert: below.cert + above.certificatePem } },
        { ...unavailable, name: "of whom only the responder could tell", detail: /127\.0\.0\.1:1/ },
      ],
    },
    {
      name: "several sites, with authorities of their own",
      resumes: false,
      config: common({
        hosts: [
          host("other.test", { depth: 2 }),
          host("elsewhere.test", { authorities: [elsewhereFile] }),
          host("unlisted.test", { authorities: [rootFile, elsewhereFile], revocation: [{ crl: otherList }] }),
        ],
      }),
      open: [["localhost", "/flask/"], ["other.test", "/flask/"]],
      visitors: [
        { ...here, name: "another site's Host", status: 421, host: "other.test", code: "misdirected-request", detail: /Host other\.test/, identity: grace },
        { ...here, name: "a Host of no site, on another site's connection", status: 421, serverName: "other.test", host: "nowhere.test", code: "misdirected-request", detail: /Host nowhere\.test/, identity: grace },
        { ...here, name: "no certificate, and another site's Host", status: 421, serverName: "other.test", code: "misdirected-request", detail: /Host localhost/, identity: undefined },
        // Nor could a session of hers be resumed elsewhere: OpenSSL's tickets hold no such certificate.
        { ...here, name: "a name of 20 000 letters", code: "identity-too-large", detail: /./, identity: larger },
        { ...here, name: "of another site's authority", serverName: "elsewhere.test", host: "elsewhere.test", code: "certificate-untrusted", detail: /^[A-Z_]+$/, identity: grace },
        { ...unavailable, name: "no list of her authority", serverName: "unlisted.test", host: "unlisted.test", detail: /no list of CN=Test Root/ },
      ],
    },
  ];
} // prettier-ignore
