import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { issue } from "./issue.ts";
import { listIssued } from "./list-issued.ts";
import { makeIntermediate } from "./make-intermediate.ts";
import { openAuthority } from "./open-authority.ts";
import { personSubject } from "./person-subject.ts";
import { makeRoot } from "./root.ts";
import { revoke } from "./revoke.ts";
import { localSubject } from "./subject.ts";
import { scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";
import { writeCrl } from "./write-crl.ts";

const key = "ec-p256";
const passphrase = "a long pässphrase";

describe("openAuthority", () => {
  let place: Scratch, plain: string, encrypted: string;
  before(async () => {
    place = scratch();
    [plain, encrypted] = [join(place.folder, "plain"), join(place.folder, "encrypted")];
    await makeRoot({ folder: plain, key });
    await makeRoot({ folder: encrypted, key, passphrase });
  });
  after(() => {
    place.remove();
  });

  const refuses = (folder: string, message: RegExp, options = {}) =>
    assert.rejects(openAuthority(folder, options), { name: "CertsError", message });

  it("refuses a key that others can get at, and names the command that closes it", async () => {
    const file = join(plain, "root.key");
    for (const mode of [0o640, 0o604, 0o610, 0o660]) {
      chmodSync(file, mode);
      await refuses(plain, new RegExp(`\\(mode ${mode.toString(8)}\\)\\. Close it: chmod 600 ${file}$`));
    }
    chmodSync(file, 0o400);
    await openAuthority(plain);
    chmodSync(file, 0o600);
  });

  it("opens an encrypted key with its passphrase alone, and asks for none where there is no need", async () => {
    assert.match(
      readFileSync(join(encrypted, "root.key"), "utf8"),
      /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/,
    );
    await refuses(encrypted, /root\.key is encrypted\. .*--passphrase-file FILE$/);
    await refuses(encrypted, /root\.key does not open with this passphrase/, { passphrase: "another" });
    const asked: string[] = [];
    const ask = (file: string) => Promise.resolve(passphrase.slice(0, asked.push(file) * 100));
    const { signer } = await openAuthority(encrypted, { passphrase: ask });
    assert.match(signer.privateKeyPem, /^-----BEGIN PRIVATE KEY-----\n/);
    await openAuthority(plain, { passphrase: ask });
    assert.deepEqual(asked, [join(encrypted, "root.key")]);
  });

  it("keeps an encrypted key as PKCS#8 with scrypt and AES-256, which OpenSSL opens too", () => {
    const words = ["-in", "encrypted/root.key"];
    const structure = place.openssl("asn1parse", ...words);
    assert.match(structure, /OBJECT +:PBES2\n[^]*OBJECT +:scrypt\n[^]*OBJECT +:aes-256-cbc\n/);
    assert.match(structure, /INTEGER +:4000\n.*INTEGER +:08\n.*INTEGER +:05\n/);
    assert.match(
      place.openssl("pkey", ...words, "-passin", `pass:${passphrase}`),
      /^-----BEGIN PRIVATE KEY-----\n/,
    );
  });

  it("says where a key is missing, without advising to throw the authority away first", async () => {
    const file = join(plain, "root.key");
    renameSync(file, `${file}.away`);
    await refuses(plain, /root\.key is not here, and nothing is signed without it\. Bring it back/);
    writeFileSync(file, "nothing", { mode: 0o600 });
    await refuses(plain, /root\.key is not a private key/);
    renameSync(`${file}.away`, file);
  });

  it("signs with the intermediate where there is one, and needs the root's key no more", async () => {
    const folder = join(place.folder, "two");
    await makeRoot({ folder, key });
    await makeIntermediate({ folder, commonName: "Test Intermediate", days: 30 });
    const authority = await openAuthority(folder);
    await writeCrl(authority);
    renameSync(join(folder, "root.key"), join(folder, "away"));
    assert.equal(authority.chainPem.length, 2);
    const subject = localSubject("Test Subject");
    const { certificatePem, chainPem, serialNumber } = await issue(authority, {
      name: "test",
      subject,
      keyAlgorithm: key,
    });
    writeFileSync(join(folder, "test.crt"), certificatePem + chainPem.join(""));
    const verify = (...more: string[]) =>
      place.openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", "two/root.pem", ...more, "-untrusted", "two/test.crt", "two/test.crt"); // prettier-ignore
    assert.equal(verify(), "two/test.crt: OK\n");
    const lists = ["-crl_check_all", "-CRLfile", "two/revoked.crl"];
    assert.equal(verify(...lists), "two/test.crt: OK\n");
    await revoke(folder, { serialNumber });
    await writeCrl(authority);
    assert.match(verify(...lists), /error 23 at 0 depth lookup: certificate revoked/);
    renameSync(join(folder, "away"), join(folder, "root.key"));
  });

  it("revokes an intermediate through the root's list, and issues nothing under it any more", async () => {
    const folder = join(place.folder, "two");
    const authority = await openAuthority(folder);
    const subject = localSubject("Test Subject");
    const { certificatePem } = await issue(authority, { name: "last", subject, keyAlgorithm: key });
    writeFileSync(join(folder, "last.crt"), certificatePem);
    await assert.rejects(
      makeIntermediate({ folder, commonName: "Another", days: 30 }),
      /is already there, and signs/,
    );
    const [intermediate] = await listIssued(folder);
    assert.equal(intermediate?.purpose, "authority");
    await revoke(folder, { serialNumber: intermediate.serialNumber, reason: "cACompromise" });
    await writeCrl(authority);
    assert.match(
      place.openssl("verify", "-CAfile", "two/root.pem", "-crl_check_all", "-CRLfile", "two/revoked.crl", "-untrusted", "two/intermediate.pem", "two/last.crt"), // prettier-ignore
      /error 23 at 1 depth lookup: certificate revoked/,
    );
    await assert.rejects(
      issue(authority, { name: "later", subject, keyAlgorithm: key }),
      /nothing is issued under it/,
    );
  });

  it("takes over an authority that OpenSSL made, but not one that cannot sign here", async () => {
    const make = (folder: string, ...words: string[]) => {
      mkdirSync(join(place.folder, folder));
      const files = ["-keyout", `${folder}/root.key`, "-out", `${folder}/root.crt`];
      place.openssl(
        "req",
        "-x509",
        "-nodes",
        "-subj",
        "/C=US/O=Example/CN=Old Root",
        "-days",
        "9",
        ...words,
        ...files,
      );
      cpSync(join(place.folder, folder, "root.crt"), join(place.folder, folder, "root.pem"));
      return join(place.folder, folder);
    };
    const authority = await openAuthority(make("made", "-newkey", "rsa:2048"));
    const subject = personSubject(authority, { commonName: "Test Subject" });
    const { certificatePem } = await issue(authority, { name: "test", subject, keyAlgorithm: key });
    writeFileSync(join(place.folder, "made", "test.crt"), certificatePem);
    assert.equal(
      place.openssl("verify", "-purpose", "sslclient", "-CAfile", "made/root.pem", "made/test.crt"),
      "made/test.crt: OK\n",
    );
    await refuses(
      make("edwards", "-newkey", "ed25519"),
      /root\.key is neither RSA nor on the curves P-256 or P-384/,
    );
  });

  it("refuses a folder without an authority, or with one that has ended", async () => {
    await refuses(join(place.folder, "none"), /has no authority yet\. Make one: /);
    const folder = join(place.folder, "two");
    rmSync(join(folder, "intermediate.crt"));
    writeFileSync(join(folder, "intermediate.crt"), readFileSync(join(plain, "root.crt")));
    await refuses(folder, /intermediate\.crt was not issued by root\.crt/);
  });
});
