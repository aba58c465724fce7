import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { createAuthority, issueCertificate } from "./authority.ts";
import { demoPassword, makeDemo } from "./demo.ts";
import type { Entry } from "./entry.ts";
import { localSubject } from "./subject.ts";

describe("makeDemo", () => {
  let parent: string, pristine: string, folder: string;
  let made: readonly Entry[];

  before(async () => {
    parent = mkdtempSync(join(tmpdir(), "demo-"));
    pristine = join(parent, "pristine");
    made = await makeDemo({ folder: pristine });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(parent, "copy-"));
    cpSync(pristine, folder, { recursive: true });
  });
  after(() => {
    rmSync(parent, { recursive: true });
  });

  const at = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(at(name), "utf8");
  const contents = () => Object.fromEntries(readdirSync(folder).map((name) => [name, read(name)]));
  const names = (entries: readonly Entry[]) => entries.map(({ commonName }) => commonName);

  /** Expects a refusal that names this file, says this, and ends with this command. */
  const refuses = (file: string, says: string, words: string) =>
    assert.rejects(makeDemo({ folder }), ({ name, message }: Error) => {
      assert.equal(name, "CertsError");
      assert.ok(message.includes(`${at(file)} ${says}`) || message.includes(`${at(file)}: ${says}`), message);
      assert.ok(message.endsWith(`: npm run certs -- ${words} --out ${folder}`), message);
      return true;
    });

  it("makes the root, the server, Grace and Cecilia", () => {
    const root = "Root Flask Local Certificate Authority";
    assert.deepEqual(names(made), [root, "*.flask.local", "Grace Hopper", "Cecilia Payne"]);
    assert.ok(made.every(({ outcome }) => outcome === "made"));
  });

  it("changes nothing the second time, even with the root's key kept elsewhere", async () => {
    unlinkSync(at("root.key"));
    const before = contents();
    const again = await makeDemo({ folder });
    assert.ok(again.every(({ outcome }) => outcome === "reused"));
    assert.deepEqual(names(again), names(made));
    assert.deepEqual(contents(), before);
  });

  it("makes only what is missing", async () => {
    for (const ending of ["crt", "key", "pem", "p12"]) unlinkSync(at(`cecilia.${ending}`));
    const again = await makeDemo({ folder });
    assert.deepEqual(
      again.map(({ outcome }) => outcome),
      ["reused", "reused", "reused", "made"],
    );
  });

  it("replaces everything when forced, except another person's files", async () => {
    const before = contents();
    const issuer = { certificatePem: read("root.crt"), privateKeyPem: read("root.key") };
    const mallory = await issueCertificate({
      subject: localSubject("Mallory"),
      issuer,
      keyAlgorithm: "ec-p256",
    });
    writeFileSync(at("cecilia.crt"), mallory.certificatePem);
    await assert.rejects(
      makeDemo({ folder, force: true }),
      /cecilia\.crt belongs to Mallory, not to Cecilia Payne/,
    );
    assert.equal(read("root.key"), before["root.key"]);
    writeFileSync(at("cecilia.crt"), before["cecilia.crt"] ?? "");
    await makeDemo({ folder, force: true, password: demoPassword });
    const now = contents();
    for (const [name, content] of Object.entries(before))
      if (name !== "index.lock") assert.notEqual(now[name], content, name);
  });

  it("names a certificate that has ended", async () => {
    const issuer = { certificatePem: read("root.crt"), privateKeyPem: read("root.key") };
    const validity = { notBefore: new Date("2020-01-01"), notAfter: new Date("2020-03-03") };
    const subject = localSubject("Grace Hopper");
    const ended = await issueCertificate({ subject, issuer, keyAlgorithm: "ec-p256", ...validity });
    writeFileSync(at("grace.crt"), ended.certificatePem);
    writeFileSync(at("grace.key"), ended.privateKeyPem);
    await refuses("grace.crt", "ended on 3 March 2020. Make a new one", 'client "Grace Hopper" --force');
    const root = await createAuthority({
      subject: localSubject("Test Root"),
      keyAlgorithm: "ec-p256",
      ...validity,
    });
    writeFileSync(at("root.crt"), root.certificatePem);
    await refuses("root.crt", "ended on 3 March 2020. Make a new one", "init --force");
  });

  it("names a file that is missing or unreadable", async () => {
    writeFileSync(at("server.key"), "nothing");
    await refuses("server.key", "is not a private key", "server --force");
    unlinkSync(at("server.key"));
    await refuses("server.key", "no such file or directory", "server --force");
  });

  it("names a .p12 that is missing", async () => {
    unlinkSync(at("server.p12"));
    await refuses("server.p12", "no such file or directory", "server --force");
  });

  it("names files that do not belong together", async () => {
    cpSync(at("grace.key"), at("server.key"));
    await refuses("server.pem", "do not belong together", "server --force");
    cpSync(at("server.crt"), at("root.pem"));
    await refuses("root.crt", "are two different roots", "init --force");
  });

  it("names a certificate from another root, and one for another purpose", async () => {
    cpSync(at("grace.crt"), at("server.crt"));
    await refuses("server.crt", "lacks the extended key usage 1.3.6.1.5.5.7.3.1", "server --force");
    const issuer = await createAuthority({ subject: localSubject("Test Root"), keyAlgorithm: "ec-p256" });
    const stranger = await issueCertificate({
      subject: localSubject("Test"),
      issuer,
      keyAlgorithm: "ec-p256",
    });
    writeFileSync(at("server.crt"), stranger.certificatePem);
    await refuses("server.crt", "was not issued by root.crt", "server --force");
  });

  it("needs the root's own key to issue", async () => {
    for (const ending of ["crt", "key", "pem", "p12"]) unlinkSync(at(`server.${ending}`));
    cpSync(at("grace.key"), at("root.key"));
    await refuses("root.key", "is not the key of", "init --force");
  });
});
