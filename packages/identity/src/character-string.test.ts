import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { contentOf, decodeCharacterString } from "./character-string.ts";
import { stringTags, tlv, utf8 } from "./testing/der.ts";

const bytes = (...octets: number[]) => Buffer.from(octets);

describe("decodeCharacterString", () => {
  it("decodes each string type as OpenSSL does", () => {
    assert.equal(decodeCharacterString(utf8("José 🦆")), "José 🦆");
    assert.equal(decodeCharacterString(utf8("\ufeffx")), "\ufeffx", "a BOM is a character of the name");
    assert.equal(decodeCharacterString(utf8("")), "");
    for (const tag of [stringTags.numeric, stringTags.printable, stringTags.t61, stringTags.ia5]) {
      assert.equal(decodeCharacterString(tlv(tag, bytes(0x4a, 0xe9, 0))), "Jé\0");
    }
    assert.equal(decodeCharacterString(tlv(stringTags.bmp, bytes(0x5c, 0x71, 0, 0x47))), "山G");
    assert.equal(decodeCharacterString(tlv(stringTags.universal, bytes(0, 1, 0xf9, 0x86))), "🦆");
  });

  const undecodable: Record<string, Buffer> = {
    "invalid UTF-8": tlv(stringTags.utf8, bytes(0xff)),
    "overlong UTF-8": tlv(stringTags.utf8, bytes(0xc0, 0x80)),
    "a surrogate in UTF-8": tlv(stringTags.utf8, bytes(0xed, 0xa0, 0x80)),
    "a cut UTF-8 character": tlv(stringTags.utf8, bytes(0xc3)),
    "a BMPString of odd length": tlv(stringTags.bmp, bytes(0, 0x47, 0)),
    "a surrogate pair in a BMPString": tlv(stringTags.bmp, bytes(0xd8, 0x3e, 0xdd, 0x86)),
    "a UniversalString beyond Unicode": tlv(stringTags.universal, bytes(0, 0x11, 0, 0)),
    "a surrogate in a UniversalString": tlv(stringTags.universal, bytes(0, 0, 0xd8, 0)),
    "a UniversalString of three octets": tlv(stringTags.universal, bytes(0, 0, 0x47)),
    "an INTEGER": tlv(2, bytes(42)),
    "an OCTET STRING": tlv(4, Buffer.from("Grace")),
    "a constructed UTF8String": tlv(0x2c, utf8("Grace")),
    "bytes behind": Buffer.concat([utf8("Grace"), bytes(0)]),
    "a length beyond the end": bytes(12, 5, 0x41),
    "an indefinite length": bytes(12, 0x80, 0x41, 0, 0),
    "a length of five octets": bytes(12, 0x85, 0, 0, 0, 0, 1, 0x41),
    "a cut length": bytes(12, 0x82, 1),
    "a tag alone": bytes(12),
    nothing: bytes(),
  };
  for (const [what, der] of Object.entries(undecodable)) {
    it(`gives no text for ${what}`, () => {
      assert.equal(decodeCharacterString(der), undefined);
    });
  }

  it("gives back any text, whatever its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        assert.equal(decodeCharacterString(utf8(text)), text);
        assert.deepEqual(contentOf(utf8(text)), Buffer.from(text));
      }),
    );
  });

  it("throws at no octets whatever", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (octets) => {
        const text = decodeCharacterString(Buffer.from(octets));
        assert.ok(text === undefined || typeof text === "string");
      }),
      { numRuns: 3000 },
    );
  });
});
