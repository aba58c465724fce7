import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createAuthority, issueCertificate } from "./authority.ts";
import type { CertificateRequest, Issued } from "./authority.ts";
import { profiles } from "./profiles.ts";
import { localSubject } from "./subject.ts";

const keyAlgorithm = "ec-p256";
const subject = localSubject("Test Subject");

describe("issueCertificate", () => {
  let folder: string;
  let root: Issued;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "authority-"));
    root = await createAuthority({ subject: localSubject("Test Root"), keyAlgorithm });
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const issue = (request: Partial<CertificateRequest>) =>
    issueCertificate({ subject, issuer: root, keyAlgorithm, ...request });

  const text = ({ certificatePem }: Issued, ...options: string[]) =>
    execFileSync("openssl", ["x509", "-noout", ...(options.length > 0 ? options : ["-text"])], {
      input: certificatePem,
      encoding: "utf8",
    });

  /** What `openssl verify` says of a certificate below our root: "OK", or its reason. */
  function verify(leaf: Issued, purpose: string, intermediates: readonly Issued[] = []): string {
    const path = (name: string, issued: readonly Issued[]) => {
      writeFileSync(join(folder, name), issued.map(({ certificatePem }) => certificatePem).join(""));
      return join(folder, name);
    };
    const chain = intermediates.length > 0 ? ["-untrusted", path("intermediates.pem", intermediates)] : [];
    const trust = ["-x509_strict", "-CAfile", path("root.pem", [root]), "-purpose", purpose];
    try {
      execFileSync("openssl", ["verify", ...trust, ...chain, path("leaf.pem", [leaf])], { stdio: "pipe" });
      return "OK";
    } catch (error) {
      const [, reason] = /lookup: (.*)/.exec(String((error as { stderr: Buffer }).stderr)) ?? [];
      return reason ?? String(error);
    }
  }

  it("makes a client certificate that OpenSSL accepts for clients only", async () => {
    const leaf = await issue({});
    assert.equal(verify(leaf, "sslclient"), "OK");
    assert.equal(verify(leaf, "sslserver"), "unsuitable certificate purpose");
  });

  it("makes a server certificate that OpenSSL accepts for servers only", async () => {
    const leaf = await issue({ profile: profiles.server });
    assert.equal(verify(leaf, "sslserver"), "OK");
    assert.equal(verify(leaf, "sslclient"), "unsuitable certificate purpose");
  });

  it("marks what RFC 5280 wants critical, and names both keys", async () => {
    const alternativeNames = [
      { type: "dns", value: "*.flask.local" },
      { type: "ip", value: "::1" },
    ] as const;
    const shown = text(await issue({ profile: profiles.server, alternativeNames }));
    assert.match(shown, /Version: 3/);
    assert.match(shown, /Basic Constraints: critical\n +CA:FALSE\n/);
    assert.match(shown, /Key Usage: critical\n +Digital Signature\n/);
    assert.match(shown, /Extended Key Usage: \n +TLS Web Server Authentication\n/);
    assert.match(shown, /Alternative Name: \n +DNS:\*\.flask\.local, IP Address:0:0:0:0:0:0:0:1\n/);
    const [, rootKey] = /Subject Key Identifier: \n +(\S+)/.exec(text(root)) ?? [];
    assert.ok(rootKey);
    assert.match(shown, new RegExp(`Authority Key Identifier: \\n +${rootKey}\\n`));
    assert.match(shown, /Subject Key Identifier: \n +[0-9A-F:]{59}\n/);
  });

  it("makes a root that signs certificates and revocation lists, and nothing else", () => {
    assert.match(text(root), /Basic Constraints: critical\n +CA:TRUE\n/);
    assert.match(text(root), /Key Usage: critical\n +Certificate Sign, CRL Sign\n/);
    assert.doesNotMatch(text(root), /Extended Key Usage/);
  });

  it("promises key encipherment for RSA servers alone", async () => {
    const rsa = await issue({ profile: profiles.server, keyAlgorithm: "rsa-2048" });
    assert.match(text(rsa), /Public-Key: \(2048 bit\)/);
    assert.match(text(rsa), /Digital Signature, Key Encipherment\n/);
  });

  it("leaves out extendedKeyUsage when the list is empty, and takes any other", async () => {
    assert.doesNotMatch(text(await issue({ extendedKeyUsage: [] })), /Extended Key Usage/);
    assert.match(
      text(await issue({ extendedKeyUsage: ["1.2.3.4"] })),
      /Extended Key Usage: \n +1\.2\.3\.4\n/,
    );
  });

  it("has no subjectAltName unless there is something to say", async () => {
    assert.doesNotMatch(text(await issue({})), /Alternative Name/);
  });

  it("issues certificates that have ended or have not begun, to the second", async () => {
    const notBefore = new Date("2001-02-03T04:05:06.789Z");
    const ended = await issue({ notBefore, notAfter: new Date("2002-01-01T00:00:00Z") });
    assert.equal(new X509Certificate(ended.der).validFromDate.toISOString(), "2001-02-03T04:05:06.000Z");
    assert.equal(verify(ended, "sslclient"), "certificate has expired");
    const future = await issue({ notBefore: new Date("2060-01-01"), notAfter: new Date("2061-01-01") });
    assert.equal(verify(future, "sslclient"), "certificate is not yet valid");
  });

  it("builds intermediates, whose path length OpenSSL enforces", async () => {
    const below = (issuer: Issued, name: string) =>
      createAuthority({ subject: localSubject(name), issuer, keyAlgorithm });
    const first = await below(root, "First");
    assert.match(text(first), /CA:TRUE, pathlen:0\n/);
    assert.equal(verify(await issue({ issuer: first }), "sslclient", [first]), "OK");
    const second = await below(first, "Second");
    const leaf = await issue({ issuer: second });
    assert.equal(verify(leaf, "sslclient", [first, second]), "path length constraint exceeded");
  });

  it("signs with an RSA authority's key below which EC keys stand, and the other way round", async () => {
    const rsaRoot = await createAuthority({
      subject: localSubject("RSA Root"),
      issuer: root,
      keyAlgorithm: "rsa-2048",
    });
    assert.match(text(await issue({ issuer: rsaRoot })), /Signature Algorithm: sha256WithRSAEncryption/);
    assert.match(text(rsaRoot), /Signature Algorithm: ecdsa-with-SHA256/);
  });

  it("numbers certificates with 16 random octets, always positive", async () => {
    const issued = await Promise.all(Array.from({ length: 16 }, () => issue({})));
    const numbers = issued.map(({ der }) => new X509Certificate(der).serialNumber);
    assert.equal(new Set(numbers).size, numbers.length);
    for (const number of numbers) assert.match(number, /^[4-7][0-9A-F]{31}$/);
  });

  it("gives the certificate as DER too, and the key that belongs to it", async () => {
    const { certificatePem, der, privateKeyPem } = await issue({});
    const certificate = new X509Certificate(certificatePem);
    assert.deepEqual(Buffer.from(der), certificate.raw);
    const key = execFileSync("openssl", ["pkey", "-pubout"], { input: privateKeyPem, encoding: "utf8" });
    assert.equal(certificate.publicKey.export({ type: "spki", format: "pem" }), key);
  });
});
