import assert from "node:assert/strict";
import { constants, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { describe, it } from "node:test";
import { readElement } from "@sallyport/identity/der";
import { verifySignature } from "./verify-signature.ts";

const der = (hex: string) => readElement(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const signed = Buffer.from("what was signed");

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaPss = generateKeyPairSync("rsa-pss", {
  modulusLength: 2048,
  hashAlgorithm: "sha256",
  mgf1HashAlgorithm: "sha256",
});
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed25519 = generateKeyPairSync("ed25519");
const ed448 = generateKeyPairSync("ed448");
const pairs = { rsa, "rsa-pss": rsaPss, ec, ed25519, ed448 };

const pss = (key: KeyObject, hash: string, saltLength: number) =>
  sign(hash, signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

const sha = { sha256: "06 09 608648016503040201", sha384: "06 09 608648016503040202", sha512: "06 09 608648016503040203" } as const; // prettier-ignore
const lengthOf = (hex: string) => (hex.replaceAll(" ", "").length / 2).toString(16).padStart(2, "0");
const wrap = (tag: string, content: string) => `${tag} ${lengthOf(content)} ${content}`;
const hashIdentifier = (hash: keyof typeof sha, parameters = "05 00") =>
  wrap("30", `${sha[hash]} ${parameters}`);
const maskIdentifier = (hash: keyof typeof sha) =>
  wrap("30", `06 09 2a864886f70d010108 ${hashIdentifier(hash)}`);
const pssIdentifier = (...fields: readonly string[]) =>
  der(wrap("30", `06 09 2a864886f70d01010a ${wrap("30", fields.join(" "))}`));
const pssOf = (hash: keyof typeof sha, salt: string) =>
  pssIdentifier(
    wrap("a0", hashIdentifier(hash)),
    wrap("a1", maskIdentifier(hash)),
    wrap("a2", `02 01 ${salt}`),
  );

const algorithms = {
  sha256WithRSAEncryption: der("300d 06092a864886f70d01010b 0500"),
  sha384WithRSAEncryption: der("300d 06092a864886f70d01010c 0500"),
  sha512WithRSAEncryption: der("300d 06092a864886f70d01010d 0500"),
  "ecdsa-with-SHA256": der("300a 06082a8648ce3d040302"),
  "ecdsa-with-SHA384": der("300a 06082a8648ce3d040303"),
  "ecdsa-with-SHA512": der("300a 06082a8648ce3d040304"),
  Ed25519: der("3005 06032b6570"),
  Ed448: der("3005 06032b6571"),
  "RSASSA-PSS with SHA-256": pssOf("sha256", "20"),
  "RSASSA-PSS with SHA-384": pssOf("sha384", "30"),
  "RSASSA-PSS with SHA-512": pssOf("sha512", "40"),
};

const signatures: Record<keyof typeof algorithms, [signature: Buffer, key: KeyObject]> = {
  sha256WithRSAEncryption: [sign("sha256", signed, rsa.privateKey), rsa.publicKey],
  sha384WithRSAEncryption: [sign("sha384", signed, rsa.privateKey), rsa.publicKey],
  sha512WithRSAEncryption: [sign("sha512", signed, rsa.privateKey), rsa.publicKey],
  "ecdsa-with-SHA256": [sign("sha256", signed, ec.privateKey), ec.publicKey],
  "ecdsa-with-SHA384": [sign("sha384", signed, ec.privateKey), ec.publicKey],
  "ecdsa-with-SHA512": [sign("sha512", signed, ec.privateKey), ec.publicKey],
  Ed25519: [sign(null, signed, ed25519.privateKey), ed25519.publicKey],
  Ed448: [sign(null, signed, ed448.privateKey), ed448.publicKey],
  "RSASSA-PSS with SHA-256": [pss(rsa.privateKey, "sha256", 32), rsa.publicKey],
  "RSASSA-PSS with SHA-384": [pss(rsa.privateKey, "sha384", 48), rsa.publicKey],
  "RSASSA-PSS with SHA-512": [pss(rsa.privateKey, "sha512", 64), rsa.publicKey],
};

describe("verifySignature", () => {
  for (const name of Object.keys(algorithms) as (keyof typeof algorithms)[]) {
    const [signature, key] = signatures[name];
    it(`takes ${name}, and nothing that was changed`, () => {
      assert.equal(verifySignature(algorithms[name], signed, signature, key), true);
      assert.equal(verifySignature(algorithms[name], Buffer.from("something else"), signature, key), false);
      const bent = Buffer.from(signature);
      bent.writeUInt8(bent.readUInt8(bent.length >> 1) ^ 1, bent.length >> 1);
      assert.equal(verifySignature(algorithms[name], signed, bent, key), false);
      assert.equal(verifySignature(algorithms[name], signed, Buffer.alloc(0), key), false);
    });

    it(`takes ${name} under no other name and with no other key`, () => {
      for (const other of Object.keys(algorithms) as (keyof typeof algorithms)[]) {
        if (other !== name)
          assert.equal(verifySignature(algorithms[other], signed, signature, key), false, other);
      }
      for (const { publicKey } of Object.values(pairs)) {
        if (publicKey !== key)
          assert.equal(verifySignature(algorithms[name], signed, signature, publicKey), false);
      }
    });
  }

  it("takes a key that is for RSASSA-PSS alone, with the parameters it is bound to", () => {
    const { privateKey, publicKey } = rsaPss;
    const signature = pss(privateKey, "sha256", 32);
    assert.equal(verifySignature(pssOf("sha256", "20"), signed, signature, publicKey), true);
    assert.equal(verifySignature(pssOf("sha384", "30"), signed, signature, publicKey), false);
  });

  it("takes RSA without the NULL, which RFC 4055 says must be accepted", () => {
    const [signature, key] = signatures.sha256WithRSAEncryption;
    assert.equal(verifySignature(der("300b 06092a864886f70d01010b"), signed, signature, key), true);
  });

  it("takes RSASSA-PSS with hashes that have no NULL, and with the salt's default length", () => {
    const bare = (hash: keyof typeof sha) => hashIdentifier(hash, "");
    const algorithm = pssIdentifier(
      wrap("a0", bare("sha256")),
      wrap("a1", wrap("30", `06 09 2a864886f70d010108 ${bare("sha256")}`)),
    );
    assert.equal(verifySignature(algorithm, signed, pss(rsa.privateKey, "sha256", 20), rsa.publicKey), true);
    assert.equal(verifySignature(algorithm, signed, pss(rsa.privateKey, "sha256", 32), rsa.publicKey), false);
  });

  const hash256 = wrap("a0", hashIdentifier("sha256"));
  const mask256 = wrap("a1", maskIdentifier("sha256"));
  const salt = wrap("a2", "02 01 20");
  const pssSignature = pss(rsa.privateKey, "sha256", 32);
  const refused: Record<string, [algorithm: ReturnType<typeof der>, signature: Buffer, key: KeyObject]> = {
    "SHA-1 with RSA": [der("300d 06092a864886f70d010105 0500"), sign("sha1", signed, rsa.privateKey), rsa.publicKey],
    "MD5 with RSA": [der("300d 06092a864886f70d010104 0500"), sign("md5", signed, rsa.privateKey), rsa.publicKey],
    "SHA-1 with ECDSA": [der("3009 06072a8648ce3d0401"), sign("sha1", signed, ec.privateKey), ec.publicKey],
    "SHA-1 with RSASSA-PSS, which its parameters default to": [pssIdentifier(), pss(rsa.privateKey, "sha1", 20), rsa.publicKey],
    "RSASSA-PSS without parameters": [der("300b 06092a864886f70d01010a"), pssSignature, rsa.publicKey],
    "RSASSA-PSS whose mask has another hash": [pssIdentifier(hash256, wrap("a1", maskIdentifier("sha384")), salt), pssSignature, rsa.publicKey],
    "RSASSA-PSS without a mask": [pssIdentifier(hash256, salt), pssSignature, rsa.publicKey],
    "RSASSA-PSS with a trailer field": [pssIdentifier(hash256, mask256, salt, wrap("a3", "02 01 01")), pssSignature, rsa.publicKey],
    "RSASSA-PSS with the wrong salt length": [pssIdentifier(hash256, mask256, wrap("a2", "02 01 1f")), pssSignature, rsa.publicKey],
    "RSASSA-PSS with OpenSSL's number for any salt length": [pssIdentifier(hash256, mask256, wrap("a2", "02 01 fe")), pssSignature, rsa.publicKey],
    "RSASSA-PSS with two salt lengths": [pssIdentifier(hash256, mask256, wrap("a2", "02 01 20 02 01 20")), pssSignature, rsa.publicKey],
    "Ed25519 with parameters": [der("3007 06032b6570 0500"), ...signatures.Ed25519],
    "ECDSA with parameters": [der("300c 06082a8648ce3d040302 0500"), ...signatures["ecdsa-with-SHA256"]],
    "RSA with parameters that are no NULL": [der("300e 06092a864886f70d01010b 020100"), ...signatures.sha256WithRSAEncryption],
    "an unknown algorithm": [der("3003 06012a"), ...signatures.Ed25519],
    "no algorithm": [der("3000"), ...signatures.Ed25519],
    "an algorithm with a third part": [der("300f 06092a864886f70d01010b 0500 0500"), ...signatures.sha256WithRSAEncryption],
    "what is no algorithm at all": [der("0500"), ...signatures.Ed25519],
    "PKCS#1 with a key for RSASSA-PSS alone": [algorithms.sha256WithRSAEncryption, signatures.sha256WithRSAEncryption[0], rsaPss.publicKey],
  }; // prettier-ignore
  for (const [what, [algorithm, signature, key]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      assert.equal(verifySignature(algorithm, signed, signature, key), false);
    });
  }
});
