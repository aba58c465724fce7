import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { createAuthority, issueCertificate } from "./authority.ts";
import type { CertificateRequest, Issued } from "./authority.ts";
import { extendedKeyUsages } from "./profiles.ts";
import { localSubject } from "./subject.ts";
import { problemWith } from "./verify.ts";

const keyAlgorithm = "ec-p256";
const purpose = extendedKeyUsages.clientAuth;
const rootSubject = localSubject("Test Root");
const read = ({ certificatePem }: Issued) => new X509Certificate(certificatePem);

const root = await createAuthority({ subject: rootSubject, keyAlgorithm });
const issuer = read(root);
const issue = async (request: Partial<CertificateRequest> = {}) =>
  read(
    await issueCertificate({ subject: localSubject("Test Subject"), issuer: root, keyAlgorithm, ...request }),
  );

describe("problemWith", () => {
  it("finds nothing wrong with a root and what it issued", async () => {
    assert.equal(problemWith(issuer, { issuer }), undefined);
    assert.equal(problemWith(await issue(), { issuer, purpose }), undefined);
  });

  it("sees another root of the same name", async () => {
    const namesake = await createAuthority({ subject: rootSubject, keyAlgorithm });
    assert.equal(
      problemWith(await issue({ issuer: namesake }), { issuer, purpose }),
      "was not issued by root.crt",
    );
  });

  it("sees a signature that does not fit", async () => {
    const der = Buffer.from((await issue()).raw);
    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    assert.equal(problemWith(new X509Certificate(der), { issuer, purpose }), "was not issued by root.crt");
  });

  it("sees an issuer that is no authority", async () => {
    const leaf = await issueCertificate({ subject: localSubject("Mallory"), issuer: root, keyAlgorithm });
    const below = await issue({ issuer: leaf });
    assert.equal(problemWith(below, { issuer: read(leaf), purpose }), "was not issued by root.crt");
  });

  it("sees the dates, inclusive at both ends", async () => {
    const certificate = await issue({ notBefore: new Date("2026-01-02"), notAfter: new Date("2026-03-03") });
    const on = (at: string) => problemWith(certificate, { issuer, purpose, at: new Date(at) });
    assert.equal(on("2026-01-01T23:59:59Z"), "is not valid before 2 January 2026");
    assert.equal(on("2026-01-02T00:00:00Z"), undefined);
    assert.equal(on("2026-03-03T00:00:00Z"), undefined);
    assert.equal(on("2026-03-03T00:00:01Z"), "ended on 3 March 2026");
  });

  it("sees what a certificate may not be used for", async () => {
    const wrong = await issue({ extendedKeyUsage: [extendedKeyUsages.serverAuth] });
    assert.equal(problemWith(wrong, { issuer, purpose }), "lacks the extended key usage 1.3.6.1.5.5.7.3.2");
    assert.equal(problemWith(await issue(), { issuer }), "is not an authority's certificate");
  });
});
