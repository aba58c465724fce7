import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { emptyIndex, indexPath, readIndex, writeIndex } from "./certificate-index.ts";
import type { CertificateIndex } from "./certificate-index.ts";
import { issue } from "./issue.ts";
import { localSubject } from "./subject.ts";
import { quickAuthority, scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";

const index: CertificateIndex = {
  revocationList: { number: 7, path: "/elsewhere/revoked.crl", days: 3 },
  certificates: [
    {
      serialNumber: "4A",
      name: "test",
      subject: "CN=Test Subject",
      issuer: "root",
      purpose: "client",
      notBefore: new Date("2026-01-02T03:04:05Z"),
      notAfter: new Date("2027-01-02T03:04:05Z"),
      revoked: { date: new Date("2026-03-03T00:00:00Z"), reason: "keyCompromise" },
    },
  ],
};

describe("the index", () => {
  let place: Scratch;
  before(() => {
    place = scratch();
  });
  after(() => {
    place.remove();
  });

  it("comes back as it was written, for its owner alone, one line for each certificate", async () => {
    await writeIndex(place.folder, index);
    assert.deepEqual(await readIndex(place.folder), index);
    assert.equal(statSync(indexPath(place.folder)).mode & 0o777, 0o600);
    assert.equal(
      readFileSync(indexPath(place.folder), "utf8").match(/^ +\{"serialNumber":"4A".*\}$/gm)?.length,
      1,
    );
  });

  it("is never begun anew over one that is damaged", async () => {
    for (const content of [
      "",
      "{",
      "[]",
      "{}",
      '{"version":2,"revocationList":{"number":1},"certificates":[]}',
    ]) {
      writeFileSync(indexPath(place.folder), content);
      await assert.rejects(readIndex(place.folder), {
        name: "CertsError",
        message: /index\.json is damaged/,
      });
    }
  });

  it("is made up from the certificates in a folder that is older than it, and from no others", async () => {
    const folder = join(place.folder, "older");
    mkdirSync(folder);
    const authority = await quickAuthority(folder);
    const own = await issue(authority, {
      name: "test",
      subject: localSubject("Test Subject"),
      keyAlgorithm: "ec-p256",
    });
    writeFileSync(join(folder, "test.crt"), own.certificatePem);
    const stranger = await quickAuthority(join(place.folder, "stranger"));
    const other = await issue(stranger, {
      name: "m",
      subject: localSubject("Mallory"),
      keyAlgorithm: "ec-p256",
    });
    writeFileSync(join(folder, "mallory.crt"), other.certificatePem);
    const forged = Buffer.from(own.der);
    forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1);
    writeFileSync(join(folder, "forged.crt"), forged);
    writeFileSync(join(folder, "text.crt"), "nothing");
    const before = await readIndex(folder);
    rmSync(indexPath(folder));
    assert.deepEqual(await readIndex(folder), before);
    assert.equal(before.certificates.length, 1);
  });

  it("is empty where there is nothing", async () => {
    assert.deepEqual(await readIndex(join(place.folder, "nowhere")), emptyIndex);
  });
});
