import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeCharacterString } from "./character-string.ts";
import { readElement } from "./der.ts";
import { stringTags, tlv, utf8 } from "./testing/der.ts";

const bytes = (...octets: number[]) => Buffer.from(octets);
const decode = (der: Buffer) => decodeCharacterString(readElement(der));

describe("decodeCharacterString", () => {
  it("decodes each string type as OpenSSL does", () => {
    assert.equal(decode(utf8("José 🦆")), "José 🦆");
    assert.equal(decode(utf8("\ufeffx")), "\ufeffx", "a BOM is a character of the name");
    assert.equal(decode(utf8("")), "");
    for (const tag of [stringTags.numeric, stringTags.printable, stringTags.t61, stringTags.ia5]) {
      assert.equal(decode(tlv(tag, bytes(0x4a, 0xe9, 0))), "Jé\0");
    }
    assert.equal(decode(tlv(stringTags.bmp, bytes(0x5c, 0x71, 0, 0x47))), "山G");
    assert.equal(decode(tlv(stringTags.universal, bytes(0, 1, 0xf9, 0x86))), "🦆");
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
    "a BIT STRING": tlv(3, Buffer.from("\0Grace")),
    "a SEQUENCE": tlv(0x30, utf8("Grace")),
    "a context-specific element of the same number": tlv(0x8c, Buffer.from("Grace")),
  };
  for (const [what, der] of Object.entries(undecodable)) {
    it(`gives no text for ${what}`, () => {
      assert.equal(decode(der), undefined);
    });
  }

  it("throws at a string in pieces, which OpenSSL would join", () => {
    for (const tag of Object.values(stringTags).filter((tag) => tag !== stringTags.general)) {
      assert.throws(() => decode(tlv(tag | 0x20, utf8("Grace "), utf8("Hopper"))), /constructed/);
    }
  });

  it("gives back any text, whatever its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 150 }), (text) => {
        assert.equal(decode(utf8(text)), text);
      }),
    );
  });
});
