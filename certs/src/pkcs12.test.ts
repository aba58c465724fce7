import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createAuthority, issueCertificate } from "./authority.ts";
import type { Issued } from "./authority.ts";
import { createPkcs12, opensPkcs12 } from "./pkcs12.ts";
import { localSubject } from "./subject.ts";

describe("createPkcs12", () => {
  let folder: string, path: string, root: Issued, leaf: Issued, file: Uint8Array;

  before(async () => {
    root = await createAuthority({ subject: localSubject("Test Root"), keyAlgorithm: "ec-p256" });
    leaf = await issueCertificate({
      subject: localSubject("Test Subject"),
      issuer: root,
      keyAlgorithm: "ec-p256",
    });
    file = createPkcs12(contents());
    folder = mkdtempSync(join(tmpdir(), "pkcs12-"));
    path = join(folder, "test.p12");
    writeFileSync(path, file);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const contents = () => ({
    ...leaf,
    chainPem: [root.certificatePem],
    friendlyName: "test-flask-local",
    password: "a b",
  });
  const openssl = (...options: string[]) =>
    execFileSync("openssl", ["pkcs12", "-in", path, "-passin", "pass:a b", ...options], {
      encoding: "utf8",
      stdio: "pipe",
    });

  it("is opened by OpenSSL 3 without -legacy: key, leaf and root, byte for byte", () => {
    const contents = openssl("-nodes");
    assert.ok(contents.includes(leaf.privateKeyPem.trim()));
    const found = contents.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const expected = [leaf, root].map(({ der }) => Buffer.from(der));
    assert.deepEqual(
      found.map((pem) => new X509Certificate(pem).raw),
      expected,
    );
  });

  it("carries the name that keychains list, on the key and on the certificate", () => {
    assert.equal(openssl("-nodes").match(/friendlyName: test-flask-local/g)?.length, 2);
  });

  it("uses the algorithms that OpenSSL 3, macOS and Windows all read", () => {
    const command = 'openssl pkcs12 -in "$0" -passin "pass:a b" -info -noout 2>&1';
    const info = execFileSync("sh", ["-c", command, path], { encoding: "utf8" });
    assert.match(info, /^MAC: sha1, Iteration 10000/m);
    assert.match(info, /^Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 10000/m);
  });

  it("opens with its password and no other", () => {
    assert.equal(opensPkcs12(file, "a b"), true);
    assert.equal(opensPkcs12(file, "a"), false);
    assert.equal(opensPkcs12(Buffer.from("nothing"), "a b"), false);
  });

  it("can be modern: AES-256, PBKDF2 and SHA-256", () => {
    const modern = createPkcs12({ ...contents(), encryption: "modern" });
    writeFileSync(path, modern);
    const command = 'openssl pkcs12 -in "$0" -passin "pass:a b" -info -noout 2>&1';
    const info = execFileSync("sh", ["-c", command, path], { encoding: "utf8" });
    assert.match(info, /^MAC: sha256, Iteration 50000/m);
    assert.match(info, /^Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 50000, PRF hmacWithSHA256/m);
    assert.match(info, /^PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC/m);
    assert.ok(openssl("-nodes").includes(leaf.privateKeyPem.trim()));
    assert.deepEqual([opensPkcs12(modern, "a b"), opensPkcs12(modern, "a")], [true, false]);
  });

  it("holds RSA keys as well, and passwords and names beyond ASCII", async () => {
    const keyAlgorithm = "rsa-2048";
    const rsa = await issueCertificate({ subject: localSubject("Test Subject"), issuer: root, keyAlgorithm });
    for (const encryption of ["modern", "legacy"] as const) {
      const friendlyName = "Zoë \u{1F600}";
      writeFileSync(
        path,
        createPkcs12({ ...contents(), ...rsa, friendlyName, password: "pä ß", encryption }),
      );
      const opened = execFileSync("openssl", ["pkcs12", "-in", path, "-passin", "pass:pä ß", "-nodes"], { encoding: "utf8", stdio: "pipe" }); // prettier-ignore
      assert.ok(opened.includes(rsa.privateKeyPem.trim()), encryption);
    }
  });
});
