import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "./testing/cpu-time.ts";
import fc from "fast-check";
import { readCertificate } from "./certificate.ts";
import { valuesOf, type DistinguishedName } from "./distinguished-name.ts";
import { legacyAmbiguity, parseLegacyName, printLegacyName } from "./legacy-name.ts";
import { mintCertificate, stringTags, tlv, utf8, type DerAttribute } from "./testing/der.ts";
import { opensslSubject, withOpensslRequests } from "./testing/openssl.ts";
import { outcomeOf } from "./testing/outcome-of.ts";

const CN = "2.5.4.3";
const cn = (value: Buffer): DerAttribute[][] => [[[CN, value]]];
const named = (...pairs: readonly (readonly [type: string, value: string])[]): DistinguishedName =>
  pairs.map(([type, value]) => [{ type, value, der: undefined }]);

describe("printLegacyName prints byte for byte what openssl x509 -nameopt compat prints", () => {
  it("for subjects minted by openssl itself", () => {
    const requests: readonly (readonly [subject: string, ...more: string[]])[] = [
      ["/C=US/ST=Virginia/CN=Grace Hopper"],
      ["/C=US/ST=Virginia/CN=Grace Hopper+UID=ghopper"],
      ["/CN=Hopper, Grace"],
      ["/CN=a\\/b"],
      ["/CN=a\\+b"],
      ["/CN=a=b\\\\c"],
      ["/CN=José/O=Łódź", "-utf8"],
      ["/CN=José", "-utf8", "mask=default"],
      ["/CN=山田", "-utf8", "mask=default"],
      ["/DC=test/emailAddress=grace@example.test/serialNumber=1/CN=Test Subject"],
    ];
    withOpensslRequests((mint) => {
      for (const [subject, ...more] of requests) {
        const der = mint(subject, ...more);
        assert.equal(printLegacyName(readCertificate(der).subject), opensslSubject(der, "compat"), subject);
      }
    });
  });

  const byHand: Record<string, DerAttribute[][]> = {
    "an empty CN": cn(utf8("")),
    "CR LF, NUL, TAB, ESC, DEL": cn(utf8("\r\n\0\t\x1b\x7f")),
    "Latin-1 in a T61String": cn(tlv(stringTags.t61, Buffer.from("Jos\xe9", "latin1"))),
    "a BMPString, octet by octet": cn(tlv(stringTags.bmp, Buffer.from([0, 0x47, 0x5c, 0x71]))),
    "a BIT STRING": [[["2.5.4.45", tlv(3, Buffer.from([0, 0xde, 0x2f]))]]],
    "a UniversalString, octet by octet": cn(tlv(stringTags.universal, Buffer.from([0, 0, 0, 0x47]))),
    "a type nobody knows": [[["1.2.3.4.5", utf8("private")]]],
    "a multi-valued RDN of three": [[["2.5.4.10", utf8("z")], [CN, utf8("b")], ["2.5.4.11", utf8("a")]]],
  }; // prettier-ignore
  for (const [what, subject] of Object.entries(byHand)) {
    it(`for ${what}`, () => {
      const der = mintCertificate({ subject });
      assert.equal(printLegacyName(readCertificate(der).subject), opensslSubject(der, "compat"));
    });
  }
});

describe("legacyAmbiguity refuses every subject that a reader of the slash form could take for another", () => {
  const grace: readonly [string, string] = [CN, "Grace Hopper"];
  const ambiguous: Record<string, DistinguishedName> = {
    "a slash that forges a CN": named(["2.5.4.11", "x/CN=Grace Hopper"], [CN, "Mallory"]),
    "a slash in the CN": named([CN, "Mallory/CN=Grace Hopper"]),
    "a lone slash": named(["2.5.4.10", "AC/DC"], grace),
    "an equals sign": named(["2.5.4.10", "a=b"], grace),
    "a plus": named(["2.5.4.10", "a+b"], grace),
    "a comma": named([CN, "Hopper, Grace"]),
    "a backslash": named([CN, "Grace\\x2F"]),
    "a line break": named([CN, "Grace\nHopper"]),
    NUL: named([CN, "Grace Hopper\0.evil.test"]),
    DEL: named([CN, "Grace\x7f"]),
    "a letter beyond ASCII": named([CN, "José"]),
    "a bidi override": named([CN, "\u202eecarG"]),
    "no CN": named(["2.5.4.10", "Navy"]),
    "no attribute at all": [],
    "two CNs": named([CN, "Mallory"], grace),
    "two CNs in one RDN": [
      [
        { type: CN, value: "Mallory", der: undefined },
        { type: CN, value: "Grace Hopper", der: undefined },
      ],
    ],
    "an attribute of an unknown type that holds a slash": named(["1.2.3.4", "/CN=Grace Hopper"], [CN, "M"]),
    "a space behind the CN, which HTTP cuts off": named([CN, "Grace Hopper "]),
  };
  for (const [what, subject] of Object.entries(ambiguous)) {
    it(what, () => {
      assert.notEqual(legacyAmbiguity(subject), undefined);
    });
  }

  it("a BMPString whose text is harmless but whose octets are not", () => {
    const der = mintCertificate({ subject: cn(tlv(stringTags.bmp, Buffer.from("\0G\0r"))) });
    assert.notEqual(legacyAmbiguity(readCertificate(der).subject), undefined);
  });

  it("a CN that is no text, though its octets would print as a name", () => {
    const der = mintCertificate({ subject: cn(tlv(3, Buffer.from("\0Grace Hopper"))) });
    assert.notEqual(legacyAmbiguity(readCertificate(der).subject), undefined);
  });

  it("and passes ordinary names", () => {
    for (const value of ["Grace Hopper", "O'Neil (RADM) #1", "a-b.c_d:e;f@g", '"quoted"', "<x>"]) {
      assert.equal(legacyAmbiguity(named(["2.5.4.6", "US"], [CN, value])), undefined, value);
    }
  });
});

describe("parseLegacyName", () => {
  it("reads what means one thing alone", () => {
    assert.deepEqual(parseLegacyName("/C=US/ST=Virginia/CN=Grace Hopper"), [
      [{ type: "2.5.4.6", value: "US", der: undefined }],
      [{ type: "2.5.4.8", value: "Virginia", der: undefined }],
      [{ type: CN, value: "Grace Hopper", der: undefined }],
    ]);
    assert.deepEqual(parseLegacyName("/1.2.3.4=x/CN="), named(["1.2.3.4", "x"], [CN, ""]));
    assert.deepEqual(parseLegacyName(""), []);
  });

  const refused: Record<string, string> = {
    "/CN=a=b": "subject-ambiguous",
    "/O=a==/CN=Mallory": "subject-ambiguous",
    "/CN=Grace+UID=x": "subject-ambiguous",
    "/CN=Grace+Hopper": "subject-ambiguous",
    "/CN=Hopper, Grace": "subject-ambiguous",
    "/CN=a\\/b": "subject-ambiguous",
    "/CN=Jos\\xC3\\xA9": "subject-ambiguous",
    "/CN=José": "subject-ambiguous",
    "/CN=a\r\nb": "subject-ambiguous",
    "/CN=a\0": "subject-ambiguous",
    "/O=AC/DC/CN=Mallory": "name-malformed",
    "CN=Grace Hopper": "name-malformed",
    "CN=Grace Hopper,ST=Virginia,C=US": "name-malformed",
    "/": "name-malformed",
    "//CN=Grace": "name-malformed",
    "/CN=Grace/": "name-malformed",
    "/=Grace": "name-malformed",
    "/CN": "name-malformed",
    "/XX=Grace": "name-malformed",
    "x/CN=Grace": "name-malformed",
    " /CN=Grace": "name-malformed",
    "(null)": "name-malformed",
  };
  for (const [text, code] of Object.entries(refused)) {
    it(`refuses ${JSON.stringify(text)} as ${code}`, () => {
      assert.equal(
        outcomeOf(() => parseLegacyName(text)),
        code,
      );
    });
  }

  it("gives back every name that is printed and not ambiguous, and never another CN than the certificate's", () => {
    const value = fc.string({ unit: fc.constantFrom(...Array.from("aCN=/+,\\ é\0#;\"'")), maxLength: 8 });
    const type = fc.constantFrom(CN, CN, "2.5.4.10", "2.5.4.11");
    let carried = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(type, value), { minLength: 1, maxLength: 4 }), (pairs) => {
        const name = named(...pairs);
        if (legacyAmbiguity(name) !== undefined) return;
        carried += 1;
        assert.deepEqual(parseLegacyName(printLegacyName(name)), name);
        const naive = Object.fromEntries(
          printLegacyName(name).split("/").slice(1).map((part) => part.split("=") as [string, string]),
        ); // prettier-ignore
        assert.deepEqual([naive["CN"]], valuesOf(name, "CN"));
      }),
      { numRuns: 5000 },
    );
    assert.ok(carried > 50, `only ${carried} names were carried`);
  });

  it("throws nothing but IdentityError at hostile text, and not late", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from("/=CN+,\\ é\0")), maxLength: 30 }),
        (text) => {
          outcomeOf(() => parseLegacyName(text));
        },
      ),
      { numRuns: 2000 },
    );
    for (const text of ["/", "=", "/CN=", "\\", " ", "/CN=a", "1.", "/1.2"].flatMap((part) => [
      part.repeat(16_384 / part.length),
      `/CN=${part.repeat(16_384 / part.length)}\0`,
      `/${part.repeat(16_384 / part.length)}=`,
    ])) {
      const started = cpuTime();
      outcomeOf(() => parseLegacyName(text));
      assert.ok(cpuTime() - started < 200, text.slice(0, 10));
    }
  });
});
