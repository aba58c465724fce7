import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { buffersOf, buildSerialIndex, findSerial, type SerialIndex } from "./serial-index.ts";
import { serialOctets, shortest } from "./serial-octets.ts";

const indexOf = (serials: readonly Buffer[]): SerialIndex => {
  const entries = serials.map((serial, at) => ({ serial, date: at * 1000, reason: at % 11 }));
  return buildSerialIndex(entries, serials.reduce((sum, serial) => sum + serial.length + 20, 0)); // prettier-ignore
};
const hex = (digits: string) => Buffer.from(digits, "hex");

describe("the index of serial numbers", () => {
  it("finds what a Set of the same numbers has, and nothing else", () => {
    // Few different octets, so that numbers share beginnings, ends and lengths.
    const octet = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff);
    const serial = fc.array(octet, { minLength: 1, maxLength: 4 }).map((octets) => Buffer.from(octets));
    fc.assert(
      fc.property(
        fc.array(serial, { maxLength: 200 }),
        fc.array(serial, { maxLength: 200 }),
        (listed, asked) => {
          const index = indexOf(listed);
          const set = new Set(listed.map((each) => each.toString("hex")));
          assert.equal(index.count, listed.length);
          for (const each of [...listed, ...asked])
            assert.equal(findSerial(index, each) !== undefined, set.has(each.toString("hex")));
        },
      ),
    );
  });

  it("gives date and reason, the first where a number comes twice", () => {
    const index = indexOf([hex("01"), hex("0102"), hex("01")]);
    assert.deepEqual(findSerial(index, hex("01")), { date: 0, reason: 0 });
    assert.deepEqual(findSerial(index, hex("0102")), { date: 1000, reason: 1 });
  });

  it("cuts nothing off: numbers of 32 octets that differ in one bit are two", () => {
    const serial = Buffer.alloc(32, 0x55);
    const index = indexOf([serial]);
    assert.ok(findSerial(index, serial));
    for (let bit = 0; bit < 256; bit++) {
      const other = Buffer.from(serial);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(findSerial(index, other), undefined);
    }
  });

  it("is empty without entries", () => {
    assert.equal(findSerial(indexOf([]), hex("01")), undefined);
  });

  it("takes 2 words a number for its table, and keeps no more than it holds", () => {
    const index = indexOf(Array.from({ length: 1000 }, (_, at) => hex(at.toString(16).padStart(32, "0"))));
    const size = buffersOf(index).reduce((sum, { byteLength }) => sum + byteLength, 0);
    assert.equal(size, 2048 * 4 + 1001 * 4 + 16_000 + 1000 + 8000);
  });
});

describe("serial numbers", () => {
  const numbers: Record<string, string> = {
    "00": "00", "01": "01", "7F": "7f", "80": "0080", FF: "00ff", "0100": "0100", "00FF": "00ff", "000001": "01",
    "-01": "ff", "-80": "80", "-81": "ff7f", "-7F": "81", "-0100": "ff00", "-FF": "ff01", "-00": "00",
  }; // prettier-ignore
  for (const [printed, octets] of Object.entries(numbers)) {
    it(`${printed} is ${octets}`, () => {
      assert.equal(serialOctets(printed).toString("hex"), octets);
    });
  }

  it("are the same however many octets repeat the sign", () => {
    const cases = { "00": "00", "0000": "00", "0001": "01", "000080": "0080", ff: "ff", ffff: "ff", ff7f: "ff7f", ffff80: "80" }; // prettier-ignore
    for (const [long, short] of Object.entries(cases))
      assert.equal(shortest(hex(long)).toString("hex"), short);
  });

  it("are the number that they print, whichever it is", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n }), (number) => {
        const digits = (number < 0n ? -number : number).toString(16).toUpperCase();
        const octets = serialOctets(`${number < 0n ? "-" : ""}${digits.length % 2 ? "0" : ""}${digits}`);
        assert.equal(BigInt.asIntN(octets.length * 8, BigInt(`0x${octets.toString("hex")}`)), number);
        assert.ok(shortest(octets).equals(octets));
      }),
    );
  });
});
