import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCertificate } from "./certificate.ts";
import type { Attribute, DistinguishedName } from "./distinguished-name.ts";
import { parseRfc4514, printRfc2253, printRfc4514 } from "./rfc4514.ts";
import { mintCertificate, sequence, stringTags, tlv, utf8, type DerAttribute } from "./testing/der.ts";
import { opensslSubject, withOpensslRequests } from "./testing/openssl.ts";
import { outcomeOf } from "./testing/outcome-of.ts";

const CN = "2.5.4.3";
const cn = (value: Buffer): DerAttribute[][] => [[[CN, value]]];
const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
const utf32be = (text: string): Buffer =>
  Buffer.concat(
    Array.from(text, (character) => {
      const octets = Buffer.alloc(4);
      octets.writeUInt32BE(character.codePointAt(0) ?? 0);
      return octets;
    }),
  );

describe("printRfc4514 prints byte for byte what openssl x509 -nameopt RFC2253 prints", () => {
  const requests: readonly (readonly [subject: string, ...more: string[]])[] = [
    ["/C=US/ST=Virginia/CN=Grace Hopper"],
    ["/C=US/ST=Virginia/CN=Hopper, Grace"],
    ["/CN=Grace Hopper+UID=ghopper/O=Navy"],
    ["/C=US/UID=ghopper+CN=Grace Hopper+OU=Mark I"],
    ["/CN=a\\/b"],
    ["/CN=a\\+b"],
    ["/O=x\\/CN=Grace Hopper/CN=Mallory"],
    ["/CN=a=b"],
    ["/CN=semi;colon<angle>"],
    ['/CN="quoted"'],
    ["/CN=back\\\\slash"],
    ["/CN= leading"],
    ["/CN=trailing "],
    ["/CN=  two both  "],
    ["/CN=#hash"],
    ["/CN=a#hash"],
    ["/CN= "],
    ["/CN=José", "-utf8"],
    ["/CN=Łukasz/O=Société générale", "-utf8"],
    ["/CN=山田太郎", "-utf8"],
    ["/CN=🦆 duck", "-utf8"],
    ["/CN=Zoe\u0308", "-utf8"],
    ["/CN=\u202eecarG", "-utf8"],
    ["/CN=a\u2028b\u0085c", "-utf8"],
    ["/CN=José", "-utf8", "mask=default"],
    ["/CN=山田", "-utf8", "mask=default"],
    ["/CN=José", "-utf8", "mask=pkix"],
    ["/emailAddress=grace@example.test/CN=Grace Hopper"],
    ["/DC=test/DC=example/UID=ghopper"],
    ["/serialNumber=4711/SN=Hopper/GN=Grace/initials=G/title=Rear Admiral/CN=Grace Hopper"],
    ["/description=anything/street=1 Test Street/postalCode=00000/CN=Test Subject"],
    ["/CN=Mallory/CN=Grace Hopper"],
  ];
  it(`for ${requests.length} subjects minted by openssl itself`, () => {
    withOpensslRequests((mint) => {
      for (const [subject, ...more] of requests) {
        const der = mint(subject, ...more);
        assert.equal(printRfc4514(readCertificate(der).subject), opensslSubject(der, "RFC2253"), subject);
      }
    });
  });

  const byHand: Record<string, DerAttribute[][]> = {
    "an empty CN": cn(utf8("")),
    "CR LF": cn(utf8("a\r\nb")),
    NUL: cn(utf8("Grace\0Mallory")),
    "TAB and DEL": cn(utf8("\t\x7f")),
    "ESC at both ends": cn(utf8("\x1b[2J\x1b")),
    "T61String with an octet above 0x7F": cn(tlv(stringTags.t61, Buffer.from("Jos\xe9", "latin1"))),
    "IA5String with an octet that is not IA5": cn(tlv(stringTags.ia5, Buffer.from("Jos\xe9", "latin1"))),
    "PrintableString that is none": cn(tlv(stringTags.printable, Buffer.from("a@\xff", "latin1"))),
    NumericString: cn(tlv(stringTags.numeric, Buffer.from("12 34"))),
    BMPString: cn(tlv(stringTags.bmp, utf16be("José, 山田"))),
    UniversalString: cn(tlv(stringTags.universal, utf32be("José 🦆"))),
    "a BMPString with U+010D U+010A": cn(tlv(stringTags.bmp, utf16be("\u010d\u010a"))),
    "a BIT STRING": [[["2.5.4.45", tlv(3, Buffer.from([0, 0xde, 0xad]))]]],
    "a SEQUENCE of strings": [[["2.5.4.16", sequence(utf8("1 Test Street"), utf8("Testville"))]]],
    "a type nobody knows": [[["1.2.3.4.5", utf8("private")]], [[CN, utf8("Test Subject")]]],
    "a type nobody knows with a large arc": [[["1.3.6.1.4.1.4294967295.1", utf8("x")]]],
    "unsorted multi-valued RDN": [[["2.5.4.10", utf8("z")], [CN, utf8("b")], ["2.5.4.11", utf8("a")]]],
    "the same type twice in one RDN": [[[CN, utf8("Mallory")], [CN, utf8("Grace Hopper")]]],
    "a hash inside, spaces at both ends": cn(utf8(" #x# ")),
    "only spaces": cn(utf8("   ")),
    "only a backslash": cn(utf8("\\")),
    "an empty subject": [],
    "twenty RDNs": Array.from({ length: 20 }, (_, at) => [["2.5.4.11", utf8(`unit ${at}`)] as const]),
    "a CN of 20000 octets": cn(utf8("x".repeat(20_000))),
    jurisdictions: [
      [["1.3.6.1.4.1.311.60.2.1.3", utf8("US")], ["1.3.6.1.4.1.311.60.2.1.2", utf8("Virginia")]],
      [["2.5.4.97", utf8("NTRUS-1")], ["2.5.4.15", utf8("Private Organization")]],
    ],
  }; // prettier-ignore
  for (const [what, subject] of Object.entries(byHand)) {
    it(`for ${what}`, () => {
      const der = mintCertificate({ subject });
      assert.equal(printRfc4514(readCertificate(der).subject), opensslSubject(der, "RFC2253"));
    });
  }

  it("except for a value that is the single character #, which openssl leaves bare", () => {
    const der = mintCertificate({ subject: cn(utf8("#")) });
    assert.equal(opensslSubject(der, "RFC2253"), "CN=#");
    const printed = printRfc4514(readCertificate(der).subject);
    assert.equal(printed, "CN=\\#");
    assert.equal(parseRfc4514(printed)[0]?.[0]?.value, "#");
  });
});

const attribute = (type: string, value: string | undefined, der?: string): Attribute => ({
  type,
  value,
  der,
});

describe("parseRfc4514 reads every form that the RFCs allow", () => {
  const one = (value: string): DistinguishedName => [[attribute(CN, value)]];
  const cases: Record<string, DistinguishedName> = {
    "CN=Grace Hopper": one("Grace Hopper"),
    "cn=Grace Hopper": one("Grace Hopper"),
    "2.5.4.3=Grace Hopper": one("Grace Hopper"),
    "OID.2.5.4.3=Grace Hopper": one("Grace Hopper"),
    "oid.2.5.4.3=Grace Hopper": one("Grace Hopper"),
    "CN=": one(""),
    'CN=""': one(""),
    "CN=  Grace  ": one("Grace"),
    "  CN  =  Grace  ": one("Grace"),
    "CN=\\ Grace\\ ": one(" Grace "),
    "CN=\\20Grace\\20": one(" Grace "),
    "CN=a \\  ": one("a  "),
    "CN=Hopper\\, Grace": one("Hopper, Grace"),
    "CN=Hopper\\2C Grace": one("Hopper, Grace"),
    'CN="Hopper, Grace"': one("Hopper, Grace"),
    'CN="  + ; < > = # \\" \\\\ "': one('  + ; < > = # " \\ '),
    'CN=\\"\\+\\,\\;\\<\\>\\=\\#\\\\\\ ': one('"+,;<>=#\\ '),
    "CN=a=b=c": one("a=b=c"),
    "CN=a#b": one("a#b"),
    "CN=\\#0c0141": one("#0c0141"),
    "CN=Jos\\C3\\A9": one("José"),
    "CN=\\F0\\9F\\A6\\86": one("🦆"),
    "CN=\\f0\\9f\\a6\\86": one("🦆"),
    "CN=\\EF\\BB\\BFx": one("\ufeffx"),
    "CN=\\0D\\0A\\00": one("\r\n\0"),
    "CN=\\\\C3\\\\A9": one("\\C3\\A9"),
    "CN=#02012A": [[attribute(CN, undefined, "02012A")]],
    "CN=#0c054772616365": [[attribute(CN, "Grace", "0C054772616365")]],
    "1.2.3.4=#0C0141": [[attribute("1.2.3.4", "A", "0C0141")]],
    "1.2.3.4=text": [[attribute("1.2.3.4", "text")]],
    "CN=Grace,ST=Virginia,C=US": [
      [attribute("2.5.4.6", "US")],
      [attribute("2.5.4.8", "Virginia")],
      [attribute(CN, "Grace")],
    ],
    "CN=Grace;C=US": [[attribute("2.5.4.6", "US")], [attribute(CN, "Grace")]],
    "CN = Grace , C = US": [[attribute("2.5.4.6", "US")], [attribute(CN, "Grace")]],
    "UID=gh+CN=Grace,C=US": [
      [attribute("2.5.4.6", "US")],
      [attribute(CN, "Grace"), attribute("0.9.2342.19200300.100.1.1", "gh")],
    ],
    "CN=a + CN=b": [[attribute(CN, "b"), attribute(CN, "a")]],
    "CN=Mallory,O=x\\,CN=Grace": [[attribute("2.5.4.10", "x,CN=Grace")], [attribute(CN, "Mallory")]],
    "CN=Mallory/CN=Grace": one("Mallory/CN=Grace"),
    "": [],
  };
  for (const [text, name] of Object.entries(cases)) {
    it(JSON.stringify(text), () => {
      assert.deepEqual(parseRfc4514(text), name);
    });
  }
});

describe("parseRfc4514 refuses text that is not exactly one name", () => {
  const texts = [
    "Grace", "=Grace", "CN", "CN=a,", ",CN=a", "CN=a,,C=US", "CN=a+", "CN=a;", "CN=a+,C=US", "+", "=", ",", ";",
    "XX=a", "C N=a", "1=a", "1.=a", "1..2=a", "01.2=a", "1.02=a", ".1.2=a", "OID.CN=a", "2.5.4.3.=a", "CN.1=a",
    "CN=a\\", "CN=\\", "CN=\\x", "CN=\\4", "CN=\\4g", "CN=\\C3", "CN=\\C3\\", "CN=\\C3x", "CN=\\FF\\FE", "CN=\\C0\\80", "CN=\\ED\\A0\\80",
    "CN=\\n", "CN=\\/", 'CN=a"b', 'CN="a', 'CN="a"b', 'CN="a\\"', 'CN="a" "b"', "CN=a<b", "CN=a>b", "CN=a\0b",
    "CN=\ud800", "CN=a\udc00b", 'CN="\ud83e"', "\udfff",
    "CN=#", "CN=#0", "CN=#0C0", "CN=#zz", "CN=#0C0141x", "CN=#0C0547726163", "CN=#0C014100", "CN=#0C8141", "CN=#2C030C0141", "CN=#0C0141 41", "/CN=Grace", "/C=US/CN=Grace", "CN=Grace,/C=US", "(null)", "(null),CN=Grace",
  ]; // prettier-ignore
  for (const text of texts) {
    it(JSON.stringify(text), () => {
      assert.equal(
        outcomeOf(() => parseRfc4514(text)),
        "name-malformed",
      );
    });
  }
});

const types = [
  CN,
  "2.5.4.6",
  "2.5.4.11",
  "0.9.2342.19200300.100.1.1",
  "1.2.840.113549.1.9.1",
  "1.2.3.4.5",
  "2.999.1",
];
const special = ' "#+,;<=>\\/\0\r\n\t\x7f\x80\xa0éü\u010a\u202e\u2028\ufeff\uffff🦆0aF';
const anyValue = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from(special)), maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const anyName = fc.array(
  fc.array(fc.record({ type: fc.constantFrom(...types), value: anyValue }), { minLength: 1, maxLength: 3 }),
  { maxLength: 4 },
);

for (const print of [printRfc4514, printRfc2253]) {
  describe(`${print.name} and parsing undo each other`, () => {
    it("for any list of attributes, odd characters alone included", () => {
      fc.assert(
        fc.property(anyName, (rdns) => {
          const name = rdns.map((rdn) => rdn.map(({ type, value }) => attribute(type, value)));
          assert.deepEqual(parseRfc4514(print(name)), name);
        }),
        { numRuns: 2000 },
      );
    });

    it("for each single character below U+0250, alone, first, last and doubled", () => {
      for (let code = 0; code < 0x250; code += 1) {
        const character = String.fromCharCode(code);
        for (const value of [character, `${character}a`, `a${character}`, character + character]) {
          const name = [[attribute(CN, value)]];
          assert.deepEqual(parseRfc4514(print(name)), name);
        }
      }
    });

    it("for a value kept as DER because its type is unknown or is no text", () => {
      const name = [
        [attribute("1.2.3.4", "private", "0C0770726976617465")],
        [attribute(CN, undefined, "02012A")],
      ];
      assert.equal(print(name), "CN=#02012A,1.2.3.4=#0C0770726976617465");
      assert.deepEqual(parseRfc4514(print(name)), name);
    });
  });
}

describe("what is printed", () => {
  it("is printable ASCII by RFC 4514", () => {
    fc.assert(
      fc.property(anyName, (rdns) => {
        const name = rdns.map((rdn) => rdn.map(({ type, value }) => attribute(type, value)));
        assert.match(printRfc4514(name), /^[\x20-\x7e]*$/);
      }),
    );
  });

  it("is the same by RFC 2253, but for what is not ASCII, which is as it was", () => {
    fc.assert(
      fc.property(anyName, (rdns) => {
        const name = rdns.map((rdn) => rdn.map(({ type, value }) => attribute(type, value)));
        const text = printRfc2253(name);
        assert.doesNotMatch(text, /[\0-\x1f\x7f]/);
        const ascii = text.replace(/[^\x20-\x7e]/gu, (character) =>
          Buffer.from(character).toString("hex").toUpperCase().replace(/../g, "\\$&"),
        );
        assert.equal(ascii, printRfc4514(name));
      }),
    );
  });
});

describe("the quoted strings of RFC 2253", () => {
  const quote = (value: string) => `"${value.replace(/["\\]/g, "\\$&")}"`;
  const hexed = (value: string) => `"${Buffer.from(value).toString("hex").replace(/../g, "\\$&")}"`;
  for (const form of [quote, hexed]) {
    it(`are read as what ${form === quote ? "stands" : "is escaped"} in them`, () => {
      fc.assert(
        fc.property(anyName, fc.constantFrom(",", ";", " , "), (rdns, separator) => {
          const name = rdns.map((rdn) => rdn.map(({ type, value }) => attribute(type, value)));
          const text = name
            .toReversed()
            .map((rdn) =>
              rdn
                .toReversed()
                .map(({ type, value = "" }) => `${type}=${form(value)}`)
                .join(" + "),
            )
            .join(separator);
          assert.deepEqual(parseRfc4514(text), name);
        }),
        { numRuns: 1000 },
      );
    });
  }
});

describe("hostile text", () => {
  it("never makes the parser throw anything but an IdentityError", () => {
    const fragments = [
      "CN",
      "=",
      ",",
      "+",
      ";",
      "\\",
      '"',
      "#",
      " ",
      "41",
      "C3",
      "\\C3\\A9",
      "1.2",
      "OID.",
      "\0",
      "é",
      "x",
      "<",
    ];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: fc.constantFrom(...fragments), maxLength: 30 }),
          fc.string({ unit: "binary" }),
        ),
        (text) => ["accepted", "name-malformed"].includes(outcomeOf(() => parseRfc4514(text))),
      ),
      { numRuns: 5000 },
    );
  });

  it("never takes longer than its length warrants: 16 KiB of it in under 200 ms", () => {
    const length = 16_384;
    const heads = ["", "CN=", 'CN="', "CN=#", "CN=a", "1.2"];
    const bodies = [
      " ",
      "\\",
      "\\\\",
      '"',
      '\\"',
      "a ",
      " a",
      "\\ ",
      "\\20",
      "\\C3",
      "#",
      "=",
      "0",
      "1.",
      ",",
      "+",
      "CN=a,",
      "CN=a+",
      "'",
      "((",
      "\t",
      "é",
    ];
    const tails = ["", "<", '"', "\\", " ", "\0"];
    for (const head of heads) {
      for (const body of bodies) {
        for (const tail of tails) {
          const text = head + body.repeat(length / body.length) + tail;
          const started = performance.now();
          outcomeOf(() => parseRfc4514(text));
          const taken = performance.now() - started;
          assert.ok(taken < 200, `${head}${body}...${tail} took ${taken} ms`);
        }
      }
    }
  });
});
