import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCertificate } from "./certificate.ts";
import type { DistinguishedName } from "./distinguished-name.ts";
import { parseRfc4514, printRfc4514 } from "./rfc4514.ts";
import { comparableName, comparablePart, comparableText, sameName } from "./same-name.ts";
import { mintCertificate, sequence, stringTags, tlv, utf8, type DerAttribute } from "./testing/der.ts";

const same = (a: string, b: string) => {
  const verdict = sameName(parseRfc4514(a), parseRfc4514(b));
  assert.equal(sameName(parseRfc4514(b), parseRfc4514(a)), verdict, "asked the other way round");
  return verdict;
};
const minted = (subject: readonly (readonly DerAttribute[])[]): DistinguishedName =>
  readCertificate(mintCertificate({ subject })).subject;
const cn = (value: Buffer) => minted([[["2.5.4.3", value]]]);
const encoded = (text: string, width: 2 | 4) =>
  Buffer.concat(
    Array.from(text, (character) => {
      const octets = Buffer.alloc(width);
      octets.writeUIntBE(character.codePointAt(0) ?? 0, 0, width);
      return octets;
    }),
  );

describe("sameName", () => {
  const pairs: readonly (readonly [a: string, b: string])[] = [
    ["", ""],
    ["CN=Grace Hopper,C=US", "CN=Grace Hopper,C=US"],
    ["CN=Grace Hopper,C=US", "cn=GRACE hopper,c=us"],
    ["CN=Grace Hopper", "2.5.4.3=Grace Hopper"],
    ["CN=Grace   Hopper", "CN=Grace Hopper"],
    ["CN=\\  Grace Hopper\\  ", "CN=Grace Hopper"],
    ["CN=Grace\\09Hopper", "CN=Grace\\0D\\0AHopper"],
    ["CN=Grace\u00a0Hopper", "CN=Grace\u3000Hopper"],
    ["CN=Grace\u2028Hopper", "CN=Grace Hopper"],
    ["CN=", "CN=\\ \\ "],
    ["CN=Grace\u200bHop\u00adper", "CN=GraceHopper"],
    ["CN=Grace\\07", "CN=Grace"],
    ["CN=Zoe\u0308", "CN=ZO\u00cb"],
    ["CN=Stra\u00dfe", "CN=STRASSE"],
    ["CN=STRA\u1e9eE", "CN=strasse"],
    ["CN=\u039f\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2", "CN=\u039f\u0394\u03a5\u03a3\u03a3\u0395\u038e\u03a3"],
    ["CN=\uff27race", "CN=Grace"],
    ["CN=\u{10400}", "CN=\u{10428}"],
    ["CN=Grace+UID=ghopper", "UID=GHOPPER+CN=grace"],
    ["CN=a+CN=b+CN=A", "CN=B+CN=a+CN=a"],
    ["CN=#0C054772616365", "CN=#1305475241434520".slice(0, -2)],
    ["1.2.3.4=#0C0161", "1.2.3.4=#0C0141"],
    ["CN=#030200AB", "CN=#030200ab"],
    ["CN=\ue000x", "CN=\ue000x"],
  ]; // prettier-ignore
  for (const [a, b] of pairs)
    it(`${JSON.stringify(a)} is ${JSON.stringify(b)}`, () => {
      assert.ok(same(a, b));
    });

  const strangers: readonly (readonly [a: string, b: string])[] = [
    ["", "CN="],
    ["CN=Grace Hopper", "CN=GraceHopper"],
    ["CN=Grace Hopper", "O=Grace Hopper"],
    ["CN=Grace,C=US", "C=US,CN=Grace"],
    ["CN=Grace,C=US", "CN=Grace+C=US"],
    ["CN=Grace,C=US", "CN=Grace\\,C=US"],
    ["CN=Grace", "CN=Grace,CN=Grace"],
    ["CN=Grace", "CN=Grace+CN=Grace"],
    ["CN=a+CN=a", "CN=a+CN=b"],
    ["CN=a+CN=b,O=c", "CN=a,O=c+CN=b"],
    ["CN=José", "CN=Jose"],
    ["CN=\u0131", "CN=i"],
    ["CN=\u0130", "CN=i"],
    ["CN=\u0430", "CN=a"],
    ["CN=a \u0301", "CN=a\u0301"],
    ["CN=\ue000x", "CN=\ue000X"],
    ["CN=\ue000 ", "CN=\ue001"],
    ["CN=\\EF\\BF\\BD", "CN="],
    ["CN=\\00\ue000", "CN=\ue000"],
    ["CN=#02012A", "CN=#02012B"],
    ["CN=#02012A", "CN=\\#02012A"],
    ["CN=#02012A", "CN=#0C012A"],
    ["1.2.3=4", "1.2.3=\\=4"],
  ]; // prettier-ignore
  for (const [a, b] of strangers)
    it(`${JSON.stringify(a)} is not ${JSON.stringify(b)}`, () => {
      assert.ok(!same(a, b));
    });

  it("sees through the string type that a certificate chose", () => {
    const text = "Zoë Hopper";
    const names = [
      cn(utf8(text)),
      cn(tlv(stringTags.t61, Buffer.from(text, "latin1"))),
      cn(tlv(stringTags.bmp, encoded(text, 2))),
      cn(tlv(stringTags.universal, encoded(text, 4))),
      parseRfc4514("CN=zoë  hopper"),
    ];
    for (const a of names) for (const b of names) assert.ok(sameName(a, b));
  });

  it("compares octet by octet what is no text, and never takes it for the text of its DER", () => {
    const bits = tlv(0x03, Buffer.from([0, 0x41]));
    assert.ok(sameName(cn(bits), cn(bits)));
    assert.ok(!sameName(cn(bits), cn(tlv(0x03, Buffer.from([0, 0x61])))));
    assert.ok(!sameName(cn(sequence(utf8("a"))), cn(sequence(utf8("A")))));
    assert.ok(!sameName(cn(bits), cn(utf8(bits.toString("hex").toUpperCase()))));
    assert.ok(!sameName(cn(bits), cn(utf8(`#${bits.toString("hex").toUpperCase()}`))));
  });

  const names = fc.array(
    fc.array(
      fc.record({
        type: fc.constantFrom("2.5.4.3", "2.5.4.10", "1.2.3.4"),
        value: fc.oneof(
          fc.string({
            unit: fc.constantFrom(...Array.from("aAbéÉß  \u0301\u200b\ue000\0ıiİ")),
            maxLength: 5,
          }),
          fc.string({ unit: "binary", maxLength: 5 }),
        ),
        der: fc.constant(undefined),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    { maxLength: 3 },
  );

  it("is reflexive and symmetric, and does not mind the order within an RDN", () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        assert.ok(sameName(a, a));
        assert.ok(
          sameName(
            a,
            a.map((rdn) => rdn.toReversed()),
          ),
        );
        assert.equal(sameName(a, b), sameName(b, a));
      }),
      { numRuns: 1000 },
    );
  });

  it("is what a name is to itself after it was written and read", () => {
    fc.assert(fc.property(names, (a) => sameName(a, parseRfc4514(printRfc4514(a)))));
  });

  it("never takes one ASCII word for another that differs in more than case", () => {
    const word = fc.string({ unit: fc.constantFrom(...Array.from("abAB-_.@")), minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const named = (value: string): DistinguishedName => [[{ type: "2.5.4.3", value, der: undefined }]];
        assert.equal(sameName(named(a), named(b)), a.toLowerCase() === b.toLowerCase());
      }),
    );
  });

  it("takes no longer than its length warrants: 64 KiB in under 200 ms", () => {
    for (const unit of [" ", " a", " \u0301", "\u0301", "\ue000", "\u200b", "ß", "\0"]) {
      const name: DistinguishedName = [
        [{ type: "2.5.4.3", value: unit.repeat(65_536 / unit.length), der: undefined }],
      ];
      const started = performance.now();
      sameName(name, name);
      const taken = performance.now() - started;
      assert.ok(taken < 200, `${JSON.stringify(unit)} took ${taken} ms`);
    }
  });
});

describe("comparableText and comparablePart", () => {
  const cases: readonly (readonly [value: string, text: string | undefined, part: string])[] = [
    ["Grace  Hopper ", "grace hopper", "grace hopper"],
    ["Gra\u200bce\0", "grace", "grace"],
    ["*\uff0a", "**", "**"],
    ["", "", ""],
    ["Mal\ue000lory", undefined, "mallory"],
    ["\ufffd", undefined, ""],
    ["\u{10ffff} A \ud800", undefined, "a"],
    ["\0\ue000", undefined, ""],
  ];
  for (const [value, text, part] of cases)
    it(JSON.stringify(value), () => {
      assert.equal(comparableText(value), text);
      assert.equal(comparablePart(value), part);
    });

  it("are one where there is a comparison, and agree with names", () => {
    const value = fc.string({
      unit: fc.constantFrom(...Array.from("aAéÉß \u0301\u200b\ue000\0ıİ")),
      maxLength: 6,
    });
    const named = (text: string): DistinguishedName => [[{ type: "2.5.4.3", value: text, der: undefined }]];
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [first, second] = [comparableText(a), comparableText(b)];
        if (first !== undefined) assert.equal(comparablePart(a), first);
        assert.equal(sameName(named(a), named(b)), first === undefined ? a === b : first === second);
        assert.equal(comparableName(named(a)) === comparableName(named(b)), sameName(named(a), named(b)));
      }),
      { numRuns: 1000 },
    );
  });
});
