import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createAuthority, type Issued } from "@sallyport/certs";
import { readCertificate } from "@sallyport/identity";
import { tlv } from "@sallyport/identity/testing/der";
import type { Link } from "../source.ts";
import { loadLists } from "./load-lists.ts";
import { serialOctets } from "./serial-octets.ts";
import { standingOf, type NamedList } from "./standing-of.ts";
import { issueLink } from "./testing/issue-link.ts";
import { crlNumber, distributionPoint, entryOf, extensionOf, issuingDistributionPoint, mintList, type ListFields } from "./testing/mint-list.ts"; // prettier-ignore

const keyAlgorithm = "ec-p256";
const minute = 60_000;
const flag = (tag: number) => tlv(tag, Buffer.from([0xff]));

describe("standingOf", () => {
  let authority: Issued;
  let namesake: Issued;
  let leaf: Link;
  let below: Link;
  const subject = [{ type: "CN", value: "Test Root" }];
  const points = ["http://lists.example/a.crl", "http://lists.example/b.crl"] as const;
  before(async () => {
    authority = await createAuthority({ subject, keyAlgorithm });
    namesake = await createAuthority({ subject, keyAlgorithm });
    leaf = issueLink(authority, {
      extensions: `crlDistributionPoints=URI:${points[0]}\nbasicConstraints=CA:FALSE`,
    });
    below = issueLink(authority, { extensions: "basicConstraints=critical,CA:TRUE" });
  });

  const list = (fields: Partial<ListFields> = {}, name = "test.crl"): NamedList => {
    const issuer = fields.issuer ?? authority;
    const loaded = loadLists(mintList({ issuer, ...fields }), [authority.der, namesake.der]);
    const [only] = "lists" in loaded ? loaded.lists : [];
    assert.ok(only);
    return { ...only, name };
  };
  const scoped = (...fields: readonly Buffer[]) =>
    list({ extensions: [issuingDistributionPoint(...fields)] });
  const entry = ({ certificate }: Link, ...extensions: readonly Buffer[]) =>
    entryOf(serialOctets(certificate.serialNumber), new Date("2026-01-02T03:04:05Z"), ...extensions);
  const status = (lists: readonly NamedList[], link: Link, now = Date.now(), staleAfter = 0) =>
    standingOf(lists, link, now, staleAfter).status;

  it("revoked: says when, why and by which list, for good", () => {
    const reason = extensionOf("2.5.29.21", false, tlv(0x0a, Buffer.from([1])));
    const held = list({ entries: [entry(leaf, reason)] });
    const revoked = {
      status: "revoked",
      detail: "revoked 2026-01-02T03:04:05.000Z for keyCompromise, says test.crl",
      until: held.nextUpdate + minute,
    };
    assert.deepEqual(standingOf([held], leaf, Date.now(), minute), revoked);
    assert.deepEqual(standingOf([held], leaf, revoked.until, minute), { ...revoked, until: Infinity });
    const plain = standingOf([list({ entries: [entry(leaf)] })], leaf, Date.now(), 0);
    assert.equal(plain.detail, "revoked 2026-01-02T03:04:05.000Z, says test.crl");
  });

  it("on hold is revoked, and so is whatever reason nobody knows", () => {
    for (const reason of [6, 8, 99]) {
      const code = extensionOf("2.5.29.21", false, tlv(0x0a, Buffer.from([reason])));
      assert.equal(status([list({ entries: [entry(leaf, code)] })], leaf), "revoked");
    }
  });

  it("good until nextUpdate and what is added to it, and not at that instant", () => {
    const held = list();
    const end = held.nextUpdate + minute;
    const good = standingOf([held], leaf, end - 1, minute);
    assert.equal(good.status, "good");
    assert.equal(good.until, end);
    assert.match(good.detail, /^not in test\.crl of /);
    const stale = standingOf([held], leaf, end, minute);
    assert.equal(stale.status, "unknown");
    assert.match(stale.detail, /^test\.crl ended /);
    assert.equal(status([list({ entries: [entry(leaf)] })], leaf, end + 1e12), "revoked");
  });

  it("unknown without a list of the issuer", () => {
    const standing = standingOf([], leaf, Date.now(), 0);
    assert.deepEqual(standing, {
      status: "unknown",
      detail: "no list of CN=Test Root covers it",
      until: Infinity,
    });
  });

  it("another authority's list says nothing, not even under the same name", () => {
    const other = list({ issuer: namesake, entries: [entry(leaf)] });
    assert.equal(status([other], leaf), "unknown");
    assert.equal(status([other, list()], leaf), "good");
  });

  it("a key's list under one name says nothing of its certificates under another", () => {
    const renamed = { ...leaf.issuer, subject: [[{ type: "2.5.4.3", value: "Other", der: undefined }]] };
    assert.equal(status([list()], { ...leaf, issuer: renamed }), "unknown");
  });

  it("a list for users is silent about authorities, and the other way round", () => {
    const users = scoped(flag(0x81));
    const authorities = scoped(flag(0x82));
    assert.equal(status([users], leaf), "good");
    assert.equal(status([users], below), "unknown");
    assert.equal(status([authorities], leaf), "unknown");
    assert.equal(status([authorities], below), "good");
  });

  it("a list for one distribution point covers who names it", () => {
    assert.equal(status([scoped(distributionPoint(points[0]))], leaf), "good");
    assert.equal(status([scoped(distributionPoint(points[1], points[0]))], leaf), "good");
    assert.equal(status([scoped(distributionPoint(points[1]))], leaf), "unknown");
    assert.equal(status([scoped(distributionPoint(points[0]))], below), "unknown");
    assert.equal(status([scoped(distributionPoint(points[0]), flag(0x82))], leaf), "unknown");
  });

  it("a distribution point for some reasons, or with another issuer of lists, is none", () => {
    for (const more of ["reasons=keyCompromise", "CRLissuer=dirName:name"]) {
      const extensions = `crlDistributionPoints=section\n[section]\nfullname=URI:${points[0]}\n${more}\n[name]\nCN=Other`;
      assert.equal(
        status([scoped(distributionPoint(points[0]))], issueLink(authority, { extensions })),
        "unknown",
      );
    }
  });

  it("who is listed is revoked, though the list's silence would mean nothing", () => {
    const extensions = [crlNumber(1), issuingDistributionPoint(distributionPoint(points[1]))];
    assert.equal(status([list({ extensions, entries: [entry(leaf)] }), list()], leaf), "revoked");
  });

  it("the freshest of several lists decides until when", () => {
    const later = new Date(Date.now() + 2 * 24 * 60 * minute);
    const long = list({ nextUpdate: later, extensions: [issuingDistributionPoint(flag(0x81))] });
    for (const lists of [
      [list(), long],
      [long, list()],
    ])
      assert.equal(standingOf(lists, leaf, Date.now(), 0).until, Math.floor(later.getTime() / 1000) * 1000);
  });

  it("a certificate that cannot be read is covered by whole lists only", () => {
    const certificate = { ...leaf.certificate, der: Buffer.from("3080", "hex") };
    assert.equal(status([scoped(flag(0x81))], { ...leaf, certificate }), "unknown");
    assert.equal(status([list()], { ...leaf, certificate }), "good");
  });

  it("knows certificates by number, also those below zero and with the first bit set", () => {
    for (const serial of ["0xFF", "-129", "0xFF00000000000000000000000000000000000000"]) {
      const link = issueLink(authority, { serial });
      assert.equal(status([list({ entries: [entry(link)] })], link), "revoked", serial);
      assert.equal(readCertificate(link.certificate.der).serialNumber, link.certificate.serialNumber);
      assert.equal(status([list({ entries: [entry(leaf)] })], link), "good", serial);
    }
    const minus = issueLink(authority, { serial: "-129" });
    assert.equal(status([list({ entries: [entryOf(Buffer.from("ff7f", "hex"))] })], minus), "revoked");
    assert.equal(status([list({ entries: [entryOf(Buffer.from("0081", "hex"))] })], minus), "good");
  });
});
