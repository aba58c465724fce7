import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { issue } from "./issue.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { revoke } from "./revoke.ts";
import { localSubject } from "./subject.ts";
import { quickAuthority, scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";
import { writeCrl } from "./write-crl.ts";

describe("revoke and writeCrl", () => {
  let place: Scratch, authority: OpenAuthority, serialNumber: string;
  before(async () => {
    place = scratch();
    authority = await quickAuthority(join(place.folder, "authority"));
    const request = { name: "test", subject: localSubject("Test Subject"), keyAlgorithm: "ec-p256" } as const;
    const issued = await issue(authority, request);
    ({ serialNumber } = issued);
    writeFileSync(join(place.folder, "test.crt"), issued.certificatePem);
  });
  after(() => {
    place.remove();
  });

  const list = () =>
    place.openssl("crl", "-in", "authority/revoked.crl", "-CAfile", "authority/root.pem", "-noout", "-text");
  const verify = () =>
    place.openssl("verify", "-crl_check", "-CRLfile", "authority/revoked.crl", "-CAfile", "authority/root.pem", "test.crt"); // prettier-ignore

  it("write a list that openssl believes, numbered one by one", async () => {
    const { number, nextUpdate, revoked, path } = await writeCrl(authority);
    assert.deepEqual([number, revoked], [1, 0]);
    assert.match(list(), /CRL Number: \n +1\nNo Revoked Certificates\.\n[^]*verify OK\n$/);
    assert.equal(Math.round((nextUpdate.getTime() - Date.now()) / 86_400_000), 30);
    assert.equal(verify(), "test.crt: OK\n");
    assert.equal(statSync(path).mode & 0o777, 0o644);
    assert.equal((await writeCrl(authority)).number, 2);
  });

  it("make openssl refuse what is revoked, with its date and reason", async () => {
    const date = new Date("2026-02-03T04:05:06Z");
    const colons = serialNumber.toLowerCase().replace(/..(?=.)/g, "$&:");
    const [entry] = await revoke(authority.folder, { serialNumber: colons, reason: "certificateHold", date });
    assert.deepEqual(entry?.revoked, { date, reason: "certificateHold" });
    assert.equal(verify(), "test.crt: OK\n", "no list has been written yet");
    await writeCrl(authority);
    assert.match(
      list(),
      new RegExp(`Serial Number: ${serialNumber}\\n +Revocation Date: Feb {2}3 04:05:06 2026 GMT`),
    );
    assert.match(list(), /Certificate Hold/);
    assert.match(verify(), /certificate revoked/);
  });

  it("turn a hold into a revocation for good, and never the other way round", async () => {
    await revoke(authority.folder, { serialNumber, reason: "keyCompromise" });
    const [entry] = await revoke(authority.folder, { serialNumber, reason: "superseded" });
    assert.equal(entry?.revoked?.reason, "keyCompromise");
    assert.deepEqual(entry.revoked.date, new Date("2026-02-03T04:05:06Z"));
  });

  it("know only what was issued here, and note nothing when one is unknown", async () => {
    const request = {
      name: "other",
      subject: localSubject("Test Subject"),
      keyAlgorithm: "ec-p256",
    } as const;
    const other = await issue(authority, request);
    await assert.rejects(revoke(authority.folder, other, { serialNumber: "4AFE" }), {
      name: "CertsError",
      message: /has issued no certificate with the serial number 4AFE\. What it has issued: /,
    });
    assert.equal((await writeCrl(authority)).revoked, 1);
  });

  it("remember where gateways look, and for how long the list is good", async () => {
    const path = join(place.folder, "gateway.crl");
    await writeCrl(authority, { path, days: 2 });
    const again = await writeCrl(authority);
    assert.equal(again.path, path);
    assert.equal(Math.round((again.nextUpdate.getTime() - Date.now()) / 86_400_000), 2);
    await assert.rejects(writeCrl(authority, { path: join(place.folder, "none", "x.crl") }), {
      name: "CertsError",
      message: /none is not there\. Make it, for gateways to read: mkdir /,
    });
    assert.equal((await writeCrl(authority)).number, again.number + 1);
  });

  it("replace the list in one piece: whoever reads all the while reads whole ones alone", async () => {
    const path = join(place.folder, "gateway.crl");
    const halves = [".gateway.crl", ".another.crl"].map((name) =>
      join(place.folder, `${name}.${randomUUID()}`),
    );
    for (const half of halves) writeFileSync(half, "half a list");
    const seen = new Set<string>();
    const reader = setInterval(() => seen.add(readFileSync(path, "utf8")));
    for (let written = 0; written < 8; written += 1) await writeCrl(authority);
    clearInterval(reader);
    assert.ok(seen.size > 1);
    for (const text of seen) assert.match(text, /^-----BEGIN X509 CRL-----\n[^]+\n-----END X509 CRL-----\n$/);
    assert.deepEqual(
      readdirSync(place.folder).filter((name) => name.startsWith(".")),
      [basename(halves[1] ?? "")],
      "what somebody left half written here is cleared away, and nobody else's",
    );
  });
});
