import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCertificate } from "../certificate.ts";
import { printRfc4514 } from "../rfc4514.ts";
import { carriesCertificates, withValue } from "../testing/certificate-dialect.ts";
import { mintCertificate, utf8 } from "../testing/der.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, visitOf } from "../testing/visits.ts";
import { cloudflare } from "./cloudflare.ts";

describe("the dialect cloudflare", () => {
  const lines = cloudflare.write(visitOf(grace));

  it("writes the certificate, its hash, and the verdict and names of the managed transform", () => {
    const documented = readCertificate(
      mintCertificate({
        subject: [[["2.5.4.6", utf8("US")]], [["2.5.4.8", utf8("Texas")]], [["2.5.4.7", utf8("Austin")]],
          [["2.5.4.10", utf8("Access")]], [["2.5.4.11", utf8("Access Admins")]], [["2.5.4.3", utf8("Test Subject")]]],
      }),
    ); // prettier-ignore
    assert.deepEqual(Object.fromEntries(cloudflare.write(visitOf(documented))), {
      "Cf-Cert-Presented": "true",
      "Cf-Cert-Verified": "true",
      "Cf-Cert-Revoked": "false",
      "Cf-Cert-Issuer-Dn-Rfc2253": "CN=Test Authority",
      "Cf-Cert-Subject-Dn-Rfc2253": "CN=Test Subject,OU=Access Admins,O=Access,L=Austin,ST=Texas,C=US",
      "Cf-Client-Cert-Der-Base64": documented.der.toString("base64"),
      "Cf-Client-Cert-Sha256": documented.sha256,
    });
  });

  it("tells an anonymous client from a refused one", () => {
    assert.deepEqual(Object.fromEntries(cloudflare.write(visitOf({ verify: "NONE" }))), {
      "Cf-Cert-Presented": "false",
      "Cf-Cert-Verified": "false",
      "Cf-Cert-Revoked": "false",
    });
    const failed = visitOf({ verify: "FAILED", reason: "CERT_REVOKED", certificate: grace });
    assert.deepEqual(Object.fromEntries(cloudflare.write(failed)), {
      "Cf-Cert-Presented": "true",
      "Cf-Cert-Verified": "false",
      "Cf-Cert-Revoked": "false",
    });
  });

  it("does not believe a certificate for being there, nor a revoked one for being verified", () => {
    const forwarded = lines.filter(([name]) => name.startsWith("Cf-Client-Cert-"));
    assert.equal(forwarded.length, 2);
    assert.equal(outcomeOf(() => cloudflare.read(forwarded)), "verification-missing");
    assert.equal(outcomeOf(() => cloudflare.read(withValue(lines, "Cf-Cert-Revoked", "true"))), "verification-failed");
    for (const name of ["Cf-Cert-Presented", "Cf-Cert-Verified", "Cf-Cert-Revoked"]) {
      assert.equal(outcomeOf(() => cloudflare.read(withValue(lines, name, undefined))), "verification-missing", name);
      assert.equal(outcomeOf(() => cloudflare.read(withValue(lines, name, ""))), "verification-missing", name);
      for (const value of ["1", "TRUE", "SUCCESS", "true, true", name.endsWith("Revoked") ? "true" : "false"]) {
        assert.equal(outcomeOf(() => cloudflare.read(withValue(lines, name, value))), "verification-failed", value);
      }
    }
  }); // prettier-ignore

  it("reads the names on the later requests of a connection, which come without the certificate", () => {
    const later = withValue(lines, "Cf-Client-Cert-Der-Base64", undefined);
    const { subject, sha256, certificate } = cloudflare.read(later) ?? assert.fail();
    assert.deepEqual(
      [subject && printRfc4514(subject), sha256],
      ["CN=Grace Hopper,ST=Virginia,C=US", grace.sha256],
    );
    assert.equal(certificate, undefined);
    const nameless = withValue(later, "Cf-Cert-Subject-Dn-Rfc2253", undefined);
    assert.equal(outcomeOf(() => cloudflare.read(nameless)), "subject-missing"); // prettier-ignore
  });

  it("writes only the variables that a route asks for, and the verdict always", () => {
    const few = cloudflare.write(visitOf(grace), { variables: ["Cf-Client-Cert-Der-Base64"] });
    assert.equal(few.length, 4);
    assert.deepEqual(cloudflare.read(few)?.certificate, grace);
  });

  carriesCertificates(cloudflare, "Cf-Client-Cert-Der-Base64", [
    "Cf-Client-Cert-Sha256",
    "Cf-Cert-Issuer-Dn-Rfc2253",
    "Cf-Cert-Subject-Dn-Rfc2253",
  ]);
});
