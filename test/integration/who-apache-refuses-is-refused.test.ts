/** Sallyport and Apache draw the same line: who is let in by one is let in by the other. Only ours says why not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createAuthority,
  extendedKeyUsages,
  issueCertificate,
  profiles,
  type CertificateRequest,
  type Issued,
} from "@sallyport/certs";
import { recordingBackend } from "../support/recording-backend.ts";
import { startApache } from "./servers/apache.ts";
import { startSallyport } from "./servers/sallyport.ts";
import { createSite, named, personNamed, type Site } from "./servers/site.ts";
import { visit } from "./servers/visit.ts";

type Bearer = Pick<Issued, "certificatePem" | "privateKeyPem">;
/** Who comes, and the code of the refusal; `undefined` for those who are let in. */
type Case = readonly [who: string, bearer: Bearer | undefined, code: string | undefined];

const day = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * day);
const grace = named({ type: "CN", value: "Grace Hopper" });
const rootName = named({ type: "CN", value: "Root Flask Local Certificate Authority" });
const keyAlgorithm = "ec-p256";

async function cases(site: Site): Promise<Case[]> {
  const issue = (request: Partial<CertificateRequest>) =>
    issueCertificate({ subject: grace, issuer: site.root, keyAlgorithm, ...request });
  const other = await createAuthority({ subject: named({ type: "CN", value: "Some Other Authority" }) });
  const impostor = await createAuthority({ subject: rootName });
  const plain = await issue({});
  return [
    ["no certificate", undefined, "certificate-missing"],
    ["a good certificate", plain, undefined],
    ["an RSA key", await issue({ keyAlgorithm: "rsa-2048" }), undefined],
    ["no extended key usage", await issue({ extendedKeyUsage: [] }), undefined],
    [
      "both extended key usages",
      await issue({ extendedKeyUsage: Object.values(extendedKeyUsages) }),
      undefined,
    ],
    ["an expired one", await issue({ notBefore: ago(9), notAfter: ago(1) }), "certificate-expired"],
    [
      "one that is not valid yet",
      await issue({ notBefore: ago(-1), notAfter: ago(-9) }),
      "certificate-not-yet-valid",
    ],
    [
      "a server's certificate",
      await issue({ extendedKeyUsage: [extendedKeyUsages.serverAuth] }),
      "certificate-wrong-purpose",
    ],
    ["an authority's certificate", await issue({ profile: profiles.root }), "certificate-wrong-purpose"],
    ["another authority's", await issue({ issuer: other }), "certificate-untrusted"],
    [
      "another authority's, sent along",
      chained(await issue({ issuer: other }), other),
      "certificate-untrusted",
    ],
    ["another authority of the same name", await issue({ issuer: impostor }), "certificate-untrusted"],
    [
      "another authority of the same name, RSA",
      await issue({ issuer: impostor, keyAlgorithm: "rsa-2048" }),
      "certificate-untrusted",
    ],
    ["a self-signed one", await issueCertificate({ subject: grace, keyAlgorithm }), "certificate-untrusted"],
    ["one signed by a person", chained(await issue({ issuer: plain }), plain), "certificate-untrusted"],
  ];
}

function chained(leaf: Issued, ...authorities: readonly Issued[]): Bearer {
  const chain = [leaf, ...authorities].map(({ certificatePem }) => certificatePem);
  return { certificatePem: chain.join(""), privateKeyPem: leaf.privateKeyPem };
}

/** Chains with none, one and two authorities between the person and the root. */
async function chains(site: Site): Promise<Bearer[]> {
  const authority = (number: number, issuer: Issued, pathLength: number) =>
    createAuthority({ subject: named({ type: "CN", value: `Authority ${number}` }), issuer, pathLength });
  const first = await authority(1, site.root, 1);
  const second = await authority(2, first, 0);
  const below = (issuer: Issued) => issueCertificate({ subject: grace, issuer, keyAlgorithm });
  return [
    await personNamed(site, "Grace Hopper"),
    chained(await below(first), first),
    chained(await below(second), second, first),
  ];
}

void test("certificates of every kind", async (context) => {
  const site = await createSite(context);
  const backend = await recordingBackend(context);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const apache = await startApache(context, site, upstream);
  const sallyport = await startSallyport(context, site, upstream, { dialect: "ssl-client" });
  const headers = ["Accept", "application/json"];

  for (const [who, as, code] of await cases(site)) {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      await context.test(`${who} over ${version}: ${code ?? "let in"}`, async () => {
        backend.forget();
        const byApache = await visit(site, apache, { as, version });
        assert.equal(byApache.status, code === undefined ? 200 : undefined, byApache.body);
        const ours = await visit(site, sallyport, { as, version, headers });
        assert.equal(ours.status, code === undefined ? 200 : 403, ours.body);
        if (code !== undefined) assert.equal((JSON.parse(ours.body) as { code: string }).code, code);
        assert.equal(backend.requests().length, code === undefined ? 2 : 0);
      });
    }
  }
});

for (const depth of [0, 1, 2]) {
  void test(`chains at depth ${depth}`, async (context) => {
    const site = await createSite(context);
    const backend = await recordingBackend(context);
    const upstream = `http://127.0.0.1:${backend.port}/`;
    const apache = await startApache(context, site, upstream, { depth });
    const sallyport = await startSallyport(context, site, upstream, { dialect: "ssl-client", depth });
    const headers = ["Accept", "application/json"];

    for (const [between, as] of (await chains(site)).entries()) {
      const isIn = between + 1 <= depth;
      await context.test(`${between} in between: ${isIn ? "let in" : "refused"}`, async () => {
        backend.forget();
        const byApache = await visit(site, apache, { as });
        assert.equal(byApache.status, isIn ? 200 : undefined, byApache.body);
        const ours = await visit(site, sallyport, { as, headers });
        assert.equal(ours.status, isIn ? 200 : 403, ours.body);
        if (!isIn) assert.match(ours.body, /"code": "certificate-too-deep"/);
        assert.equal(backend.requests().length, isIn ? 2 : 0);
      });
    }
  });
}
