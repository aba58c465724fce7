import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { X509Certificate } from "node:crypto";
import { readCertificate, type Certificate } from "@sallyport/identity";
import { noFacts } from "../testing/no-facts.ts";
import { weakness } from "./weakness.ts";

/** @param key words for `openssl req`; our own authority makes no weak certificates */
function selfSigned(...key: readonly string[]): Certificate {
  const words = ["req", "-x509", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=Test Subject", ...key];
  return readCertificate(new X509Certificate(execFileSync("openssl", words, { stdio: "pipe" })).raw);
}

describe("what makes a certificate weak", () => {
  it("is the length of an RSA key", () => {
    assert.equal(
      weakness("WEAK_KEY", selfSigned("-newkey", "rsa:1024")),
      "Its RSA key has 1024 bits, and fewer than 2048 are not accepted here.",
    );
  });

  it("is the curve of another", () => {
    const certificate = selfSigned("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1");
    assert.equal(
      weakness("WEAK_KEY", certificate),
      "Its key is on the curve secp256k1, which is not accepted here.",
    );
  });

  it("is what it was signed by way of", () => {
    const signed = (signatureAlgorithm: string) =>
      weakness("WEAK_SIGNATURE", { ...noFacts, signatureAlgorithm });
    assert.equal(signed("sha1WithRSAEncryption"), "It is signed by way of SHA-1, which can be forged.");
    assert.equal(signed("ecdsa-with-SHA1"), "It is signed by way of SHA-1, which can be forged.");
    assert.equal(signed("md5WithRSAEncryption"), "It is signed by way of MD5, which can be forged.");
    assert.equal(signed("dsaWithSomething"), "It is signed by way of an old method, which can be forged.");
    const certificate = selfSigned("-newkey", "rsa:2048", "-sha1");
    assert.match(weakness("WEAK_SIGNATURE", certificate), /SHA-1/);
  });

  it("can lie with an authority above it", () => {
    assert.match(weakness("WEAK_AUTHORITY", noFacts), /^An authority above it/);
  });

  it("is told in general words where the certificate cannot be read", () => {
    for (const certificate of [undefined, noFacts]) {
      assert.equal(
        weakness("WEAK_KEY", certificate),
        "Its key is too short, or of a kind that is not accepted here.",
      );
    }
  });
});
