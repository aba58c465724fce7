import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { createAuthority, createRevocationList, issueCertificate, type Issued } from "@sallyport/certs";
import { nameOf, oid, sequence, tlv, utf8, utcTime } from "@sallyport/identity/testing/der";
import { loadLists, type LoadedList } from "./load-lists.ts";
import { serialOctets } from "./serial-octets.ts";
import { findSerial } from "./serial-index.ts";
import { crlNumber, distributionPoint, ecdsaWithSha256, entryOf, extensionOf, issuingDistributionPoint, mintList, time } from "./testing/mint-list.ts"; // prettier-ignore

const keyAlgorithm = "ec-p256";
const named = (value: string) => [{ type: "CN", value }];
const pem = (der: Uint8Array, label = "X509 CRL") =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;
const flag = (tag: number, octet = 0xff) => tlv(tag, Buffer.from([octet]));
const serial = (hex: string) => Buffer.from(hex, "hex");

describe("loadLists", () => {
  let authority: Issued;
  let namesake: Issued;
  let stranger: Issued;
  before(async () => {
    authority = await createAuthority({ subject: named("Test Root"), keyAlgorithm });
    namesake = await createAuthority({ subject: named("Test Root"), keyAlgorithm });
    stranger = await createAuthority({ subject: named("Other Root"), keyAlgorithm });
  });

  const load = (octets: Uint8Array | string, ...authorities: readonly Issued[]) => {
    const believed = authorities.length > 0 ? authorities : [stranger, authority];
    return loadLists(Buffer.from(octets), believed.map(({ der }) => der)); // prettier-ignore
  };
  const listsOf = (octets: Uint8Array | string, ...authorities: readonly Issued[]): readonly LoadedList[] => {
    const loaded = load(octets, ...authorities);
    assert.ok("lists" in loaded, "problem" in loaded ? loaded.problem : "unchanged");
    return loaded.lists;
  };
  const problemOf = (octets: Uint8Array | string, ...authorities: readonly Issued[]): string => {
    const loaded = load(octets, ...authorities);
    return "problem" in loaded ? loaded.problem : "taken";
  };
  const listed = (list: LoadedList | undefined, hex: string) =>
    list && findSerial(list.index, serialOctets(hex));

  it("reads facts and entries of a list in DER", async () => {
    const thisUpdate = new Date("2026-01-02T03:04:05Z");
    const nextUpdate = new Date("2051-01-01T00:00:00Z");
    const { der } = await createRevocationList({
      issuer: authority,
      number: 300,
      thisUpdate,
      nextUpdate,
      revoked: [
        { serialNumber: "00FF", date: thisUpdate, reason: "keyCompromise" },
        { serialNumber: "42", date: new Date("2025-05-05T05:05:05Z") },
      ],
    });
    const [list, ...more] = listsOf(der);
    assert.ok(list && more.length === 0);
    assert.equal(list.number, 300n);
    assert.equal(list.thisUpdate, thisUpdate.getTime());
    assert.equal(list.nextUpdate, nextUpdate.getTime());
    assert.equal(list.index.count, 2);
    assert.deepEqual(listed(list, "FF"), { date: thisUpdate.getTime(), reason: 1 });
    assert.deepEqual(listed(list, "42"), { date: Date.parse("2025-05-05T05:05:05Z"), reason: 0 });
    assert.equal(listed(list, "43"), undefined);
    assert.equal(listed(list, "-01"), undefined);
  });

  it("reads what openssl ca signs, with RSA and RSASSA-PSS too", () => {
    const folder = mkdtempSync(join(tmpdir(), "load-lists-"));
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    try {
      mkdirSync(join(folder, "new"));
      writeFileSync(join(folder, "index.txt"), "R\t351231000000Z\t251224180000Z,keyCompromise\t0123456789ABCDEF\tunknown\t/CN=Mallory\nV\t351231000000Z\t\t02\tunknown\t/CN=Test Subject\n");
      writeFileSync(join(folder, "number"), "0A\n");
      writeFileSync(join(folder, "conf"), "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha384\ndefault_crl_days=7\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n");
      openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-subj", "/CN=OpenSSL Root", "-out", "ca.pem");
      const believed = [new X509Certificate(readFileSync(join(folder, "ca.pem"))).raw];
      for (const options of [[], ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:48"]]) {
        openssl("ca", "-config", "conf", "-gencrl", "-keyfile", "key", "-cert", "ca.pem", "-out", "crl.pem", ...options);
        const loaded = loadLists(readFileSync(join(folder, "crl.pem")), believed);
        assert.ok("lists" in loaded, "problem" in loaded ? loaded.problem : "unchanged");
        assert.equal(loaded.lists[0]?.index.count, 1);
        assert.deepEqual(listed(loaded.lists[0], "0123456789ABCDEF"), { date: Date.parse("2025-12-24T18:00:00Z"), reason: 1 });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }); // prettier-ignore

  it("reads PEM: several lists, among certificates and text", async () => {
    const one = await createRevocationList({ issuer: authority, number: 1 });
    const two = await createRevocationList({ issuer: stranger, number: 2 });
    const text = `my lists\n${one.pem}${authority.certificatePem}\r\n${two.pem.replaceAll("\n", "\r\n")}`;
    assert.deepEqual(
      listsOf(text).map(({ number }) => number),
      [1n, 2n],
    );
    assert.deepEqual(listsOf(authority.certificatePem), []);
    assert.equal(listsOf(pem(two.der, "CRL")).length, 1);
    const loaded = loadLists(Buffer.from(text), [authority.der]);
    assert.ok("problem" in loaded, "one that is refused is enough");
  });

  it("says which key signed, of authorities with the same name", async () => {
    const { der } = await createRevocationList({ issuer: namesake });
    const [list] = listsOf(der, authority, namesake);
    const [own] = listsOf((await createRevocationList({ issuer: authority })).der, authority, namesake);
    assert.notEqual(list?.issuerKey, own?.issuerKey);
  });

  it("compares names as RFC 5280 does", () => {
    const name = nameOf([[["2.5.4.3", utf8("TEST  root")]]]);
    assert.equal(listsOf(mintList({ issuer: authority, name })).length, 1);
  });

  it("does not read again what it knows", async () => {
    const { der } = await createRevocationList({ issuer: authority });
    const first = loadLists(Buffer.from(der), [authority.der]);
    assert.ok("lists" in first);
    assert.deepEqual(loadLists(Buffer.from(der), [], first.digest), {
      digest: first.digest,
      unchanged: true,
    });
  });

  it("reads a list of version 1, without entries or extensions or with", () => {
    assert.equal(listsOf(mintList({ issuer: authority, version: 1 }))[0]?.index.count, 0);
    const entries = [entryOf(serial("05"))];
    const [list] = listsOf(mintList({ issuer: authority, version: 1, entries }));
    assert.ok(listed(list, "05"));
    assert.equal(list?.number, undefined);
  });

  it("compares serial numbers as numbers: zero, below zero, with zeros in front, of 32 octets", () => {
    const long = "7F".repeat(32);
    const entries = ["00", "ff7f", "000042", long].map((hex) => entryOf(serial(hex)));
    const [list] = listsOf(mintList({ issuer: authority, entries }));
    for (const number of ["00", "-81", "42", long]) assert.ok(listed(list, number), number);
    for (const number of ["81", "-42", "FF7F", long.slice(2)]) assert.equal(listed(list, number), undefined);
  });

  it("takes entries with extensions that are not critical, or empty", () => {
    const invalidityDate = extensionOf("2.5.29.24", false, time(new Date()));
    const hold = extensionOf("2.5.29.21", true, tlv(0x0a, Buffer.from([6])));
    const entries = [entryOf(serial("05"), new Date(), invalidityDate), entryOf(serial("06"), new Date(), invalidityDate, hold), sequence(tlv(2, serial("07")), time(new Date()), sequence())]; // prettier-ignore
    const [list] = listsOf(mintList({ issuer: authority, entries }));
    assert.deepEqual(
      ["05", "06", "07"].map((number) => listed(list, number)?.reason),
      [0, 6, 0],
    );
  });

  it("reads its scope", () => {
    const extensions = [issuingDistributionPoint(distributionPoint("http://a/", "http://b/"), flag(0x81))];
    assert.deepEqual(listsOf(mintList({ issuer: authority, extensions }))[0]?.scope, {
      onlyUsers: true,
      onlyAuthorities: false,
      distributionPoints: ["http://a/", "http://b/"],
    });
    const cas = [issuingDistributionPoint(flag(0x82), flag(0x84, 0))];
    assert.deepEqual(listsOf(mintList({ issuer: authority, extensions: cas }))[0]?.scope, {
      onlyUsers: false,
      onlyAuthorities: true,
      distributionPoints: undefined,
    });
  });

  it("takes one that has ended: who is listed stays revoked", () => {
    const past = { thisUpdate: new Date(Date.now() - 9000_000), nextUpdate: new Date(Date.now() - 5000_000) };
    assert.equal(listsOf(mintList({ issuer: authority, ...past })).length, 1);
  });

  const sha1 = sequence(oid("1.2.840.10045.4.1"));
  const value = tlv(2, Buffer.from([5]));
  const reason = (octets: Buffer) =>
    entryOf(serial("05"), new Date(), extensionOf("2.5.29.21", false, octets));
  const scoped = (...fields: readonly Buffer[]) => mintList({ issuer: authority, extensions: [issuingDistributionPoint(...fields)] }); // prettier-ignore
  const listing = (...entries: readonly Buffer[]) => mintList({ issuer: authority, entries });
  const extended = (...extensions: readonly Buffer[]) => mintList({ issuer: authority, extensions });
  const bent = (der: Buffer) => {
    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    return der;
  };
  const unreadable = /^is no revocation list that can be read \(.+\)$/;
  const refused: Record<string, readonly [list: () => Uint8Array | string, because: RegExp]> = {
    "nothing": [() => "", /\(it is empty\)$/],
    "garbage": [() => "revoked: everybody", /\(neither DER nor PEM\)$/],
    "a list that is cut off": [() => mintList({ issuer: authority }).subarray(0, -1), unreadable],
    "a list in PEM that is cut off": [() => pem(mintList({ issuer: authority })).slice(0, -40), /\(a list that is cut off\)$/],
    "octets behind the list": [() => Buffer.concat([mintList({ issuer: authority }), Buffer.from([0])]), unreadable],
    "a certificate": [() => authority.der, unreadable],
    "PEM without base64": [() => "-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n", unreadable],
    "an authority that is not ours": [() => mintList({ issuer: { ...authority, certificatePem: mallory.certificatePem } }), /^is issued by CN=Mallory, which is not among clients\.authorities; add its certificate there$/],
    "another key under our authority's name": [() => mintList({ issuer: namesake }), /^says that it is issued by CN=Test Root, but is not signed with a key of that authority$/],
    "another's name under our authority's key": [() => mintList({ issuer: authority, name: nameOf([[["2.5.4.3", utf8("Other Root")]]]) }), /^says that it is issued by CN=Other Root, but/],
    "a signature that was changed": [() => bent(mintList({ issuer: authority })), /is not signed with a key of that authority$/],
    "SHA-1": [() => mintList({ issuer: authority, algorithms: [sha1, sha1], hash: "sha1" }), /is not signed with a key of that authority$/],
    "two signature algorithms": [() => mintList({ issuer: authority, algorithms: [sha1, ecdsaWithSha256] }), /^names one signature algorithm inside and another outside/],
    "a delta list": [() => extended(crlNumber(6), extensionOf("2.5.29.27", true, value)), /^is a delta list, /],
    "a delta list that does not call itself critical": [() => extended(extensionOf("2.5.29.27", false, value)), /^is a delta list, /],
    "an indirect list": [() => scoped(flag(0x84)), /^is an indirect list, /],
    "some reasons only": [() => scoped(tlv(0x83, Buffer.from([6, 0x40]))), /^covers only some reasons for revocation$/],
    "attribute certificates": [() => scoped(flag(0x85)), /^lists attribute certificates, /],
    "a distribution point that is no URI": [() => scoped(tlv(0xa0, tlv(0xa0, tlv(0x82, Buffer.from("a.example"))))), /^has a distribution point that is no URI$/],
    "a distribution point relative to its issuer": [() => scoped(tlv(0xa0, tlv(0xa1, sequence(oid("2.5.4.3"), utf8("x"))))), /^has a distribution point that is no URI$/],
    "a flag that is neither": [() => scoped(flag(0x81, 1)), unreadable],
    "flags out of order": [() => scoped(flag(0x82), flag(0x81)), unreadable],
    "a scope that nobody knows": [() => scoped(flag(0x86)), unreadable],
    "a critical extension that is not understood": [() => extended(extensionOf("1.2.3.4", true, value)), /^has the critical extension 1\.2\.3\.4, which is not understood here$/],
    "an extension twice": [() => extended(crlNumber(1), crlNumber(2)), unreadable],
    "an entry with a critical extension that is not understood": [() => listing(entryOf(serial("05"), new Date(), extensionOf("1.2.3.4", true, value))), /^has an entry with the critical extension 1\.2\.3\.4, which/],
    "an entry of another authority": [() => listing(entryOf(serial("05"), new Date(), extensionOf("2.5.29.29", false, value))), /it is an indirect list$/],
    "an entry that is none": [() => listing(entryOf(serial("05")), sequence(value)), unreadable],
    "an entry with a fourth part": [() => listing(sequence(value, time(new Date()), sequence(), value)), unreadable],
    "an entry without a number": [() => listing(entryOf(Buffer.alloc(0))), unreadable],
    "an entry of a day that there is not": [() => listing(sequence(value, utcTime("260230000000Z"))), unreadable],
    "a reason that is none": [() => listing(reason(tlv(0x02, Buffer.from([1])))), unreadable],
    "a serial number of 33 octets": [() => listing(entryOf(Buffer.alloc(33, 0x11))), /^lists a serial number of 33 octets; 32 are the limit$/],
    "no nextUpdate": [() => mintList({ issuer: authority, nextUpdate: null }), /^has no nextUpdate: /],
    "a list of tomorrow": [() => mintList({ issuer: authority, thisUpdate: new Date(Date.now() + 6 * 60_000) }), /^is of .*Z, which has not come yet$/],
    "extensions in version 1": [() => mintList({ issuer: authority, version: 1, extensions: [crlNumber(1)] }), unreadable],
    "extensions of an entry in version 1": [() => mintList({ issuer: authority, version: 1, entries: [reason(tlv(0x0a, Buffer.from([1])))] }), unreadable],
    "a number below zero": [() => extended(extensionOf("2.5.29.20", false, tlv(2, Buffer.from([0x80])))), unreadable],
  }; // prettier-ignore
  let mallory: Issued;
  before(async () => {
    mallory = await createAuthority({ subject: named("Mallory"), keyAlgorithm });
  });
  for (const [what, [list, because]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      assert.match(problemOf(list()), because);
    });
  }

  it("takes a list of three minutes from now: clocks do not agree", () => {
    assert.equal(
      problemOf(mintList({ issuer: authority, thisUpdate: new Date(Date.now() + 180_000) })),
      "taken",
    );
  });

  it("refuses a list signed with a certificate that may not sign lists", async () => {
    const issuer = await issueCertificate({ subject: named("Test Subject"), keyAlgorithm });
    assert.match(problemOf((await createRevocationList({ issuer })).der, issuer), /^is issued by CN=Test Subject, whose certificate does not let it sign lists/); // prettier-ignore
  });
});
