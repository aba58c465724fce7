/** The three printed forms beside the openssl command line's, over names that no sane authority would certify. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCertificate } from "./certificate.ts";
import { printLegacyName } from "./legacy-name.ts";
import { parseRfc4514, printRfc2253, printRfc4514 } from "./rfc4514.ts";
import { sameName } from "./same-name.ts";
import { mintCertificate, tlv, utf8 } from "./testing/der.ts";
import { oddNames } from "./testing/odd-names.ts";
import { opensslSubject } from "./testing/openssl.ts";
import { opensslSubjects } from "./testing/openssl-subjects.ts";

const certificates = oddNames.map(({ rdns }) => mintCertificate({ subject: rdns }));
const subjects = certificates.map((der) => readCertificate(der).subject);
const octets = (text: string) => Buffer.from(text).toString("latin1");

const forms = {
  RFC2253: printRfc4514,
  "RFC2253,-esc_msb": (name) => octets(printRfc2253(name)),
} satisfies Record<string, typeof printRfc4514>;

for (const [nameopt, print] of Object.entries(forms)) {
  describe(`of ${certificates.length} odd subjects, as -nameopt ${nameopt} prints them,`, () => {
    const printed = opensslSubjects(certificates, nameopt);

    it("each is the same text, but for a value that is a # alone", () => {
      let hashes = 0;
      for (const [at, { what }] of oddNames.entries()) {
        const ours = print(subjects[at] ?? []);
        // RFC 4514 section 2.4 escapes it; openssl leaves it bare, and a reader takes it for hex.
        const theirs = printed[at]?.replace(/(?<==)#(?=,|$)/, () => ((hashes += 1), "\\#"));
        assert.equal(ours, theirs, what);
      }
      assert.equal(hashes, 8);
    });

    it("and openssl x509 prints what openssl verify does", () => {
      for (let at = 0; at < certificates.length; at += 40) {
        assert.equal(opensslSubject(certificates[at] ?? Buffer.alloc(0), nameopt), printed[at]);
      }
    });
  });
}

describe("the slash form", () => {
  it("is the same text as -nameopt compat prints, twenty names in one", () => {
    for (let at = 0; at < oddNames.length; at += 20) {
      const some = oddNames.slice(at, at + 20);
      const der = mintCertificate({ subject: some.flatMap(({ rdns }) => rdns) });
      const ours = subjects
        .slice(at, at + 20)
        .map(printLegacyName)
        .join("");
      assert.equal(ours, opensslSubject(der, "compat"), `between ${some[0]?.what} and ${some.at(-1)?.what}`);
    }
  });
});

describe("read back, each odd subject", () => {
  for (const [form, print] of Object.entries({ "RFC 4514": printRfc4514, "RFC 2253": printRfc2253 })) {
    it(`is the same name from ${form}, and prints alike`, () => {
      for (const [at, { what }] of oddNames.entries()) {
        const subject = subjects[at] ?? [];
        const read = parseRfc4514(print(subject));
        assert.deepEqual(
          read.map((rdn) => rdn.map(({ type, value }) => ({ type, value }))),
          subject.map((rdn) => rdn.map(({ type, value }) => ({ type, value }))),
          what,
        );
        assert.equal(print(read), print(subject), what);
        assert.ok(sameName(read, subject), what);
      }
    });
  }
});

describe("what openssl would print as another name", () => {
  const printed = (type: string, value = utf8("x")) => {
    const der = mintCertificate({ subject: [[[type, value]]] });
    return { openssl: opensslSubject(der, "RFC2253"), ours: printRfc4514(readCertificate(der).subject) };
  };

  it("is uniqueIdentifier, which it calls uid, as everybody calls the user's name", () => {
    const oid = "0.9.2342.19200300.100.1.44";
    assert.deepEqual(printed(oid), { openssl: "uid=x", ours: `${oid}=#0C0178` });
  });

  it("is a type whose OID is longer than it has room for", () => {
    const oid = `1.2${".123456789".repeat(10)}`;
    assert.deepEqual(printed(oid), { openssl: `${oid.slice(0, 79)}=#0C0178`, ours: `${oid}=#0C0178` });
  });

  it("is a BIT STRING with bits set that it does not count", () => {
    const value = tlv(3, Buffer.from([1, 0x41]));
    assert.deepEqual(printed("2.5.4.45", value), {
      openssl: "x500UniqueIdentifier=#03020140",
      ours: "x500UniqueIdentifier=#03020141",
    });
  });
});
