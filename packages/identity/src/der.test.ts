import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { childrenOf, elementsOf, readElement, readObjectIdentifier, tags } from "./der.ts";
import { oid, sequence, tlv, utf8 } from "./testing/der.ts";

const bytes = (...octets: number[]) => Buffer.from(octets);

describe("readElement", () => {
  it("gives tag, content and encoding, at every length", () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = Buffer.alloc(length, 0x41);
      const der = tlv(4, content);
      assert.deepEqual(readElement(der), { tag: 4, content, encoded: der });
    }
  });

  const refused: Record<string, Buffer> = {
    nothing: bytes(),
    "a tag alone": bytes(12),
    "octets behind": Buffer.concat([utf8("Grace"), bytes(0)]),
    "a length beyond the end": bytes(12, 5, 0x41),
    "an indefinite length": bytes(0x24, 0x80, 4, 1, 0x41, 0, 0),
    "a length of five octets": bytes(12, 0x85, 0, 0, 0, 0, 1, 0x41),
    "a cut length": bytes(12, 0x82, 1),
    "the reserved length": bytes(12, 0xff, 0x41),
    "a long length for a short one": bytes(12, 0x81, 1, 0x41),
    "a length with a zero before": Buffer.concat([bytes(12, 0x82, 0, 0x80), Buffer.alloc(128)]),
    "a length of zero in long form": bytes(12, 0x81, 0),
    "a tag number above 30": bytes(0x1f, 0x2c, 1, 0x41),
  };
  for (const [what, der] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readElement(der), Error);
    });
  }

  it("reads nothing but what encodes to the same octets again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10 }), (octets) => {
        let element;
        try {
          element = readElement(Buffer.from(octets));
        } catch {
          return;
        }
        assert.deepEqual(tlv(element.tag, element.content), Buffer.from(octets));
      }),
      { numRuns: 5000 },
    );
  });
});

describe("childrenOf", () => {
  it("gives what a constructed element holds, in order", () => {
    const der = sequence(utf8("a"), sequence(), utf8("b"));
    assert.deepEqual(
      childrenOf(readElement(der), tags.sequence).map(({ encoded }) => encoded),
      [utf8("a"), sequence(), utf8("b")],
    );
    assert.deepEqual(childrenOf(readElement(sequence()), tags.sequence), []);
  });

  it("refuses another tag, and content that its children do not fill exactly", () => {
    assert.throws(() => childrenOf(readElement(sequence()), tags.set));
    for (const content of [bytes(12), bytes(12, 2, 0x41), bytes(12, 1, 0x41, 0), bytes(0, 0, 0)]) {
      assert.throws(() => childrenOf(readElement(tlv(0x30, content)), tags.sequence));
    }
  });
});

describe("elementsOf", () => {
  it("gives one element after the other, and throws at the first that is broken, not before", () => {
    const elements = elementsOf(Buffer.concat([utf8("a"), sequence(), bytes(12, 2, 0x41)]));
    assert.deepEqual(elements.next().value?.encoded, utf8("a"));
    assert.deepEqual(elements.next().value?.encoded, sequence());
    assert.throws(() => elements.next());
    assert.deepEqual([...elementsOf(bytes())], []);
  });
});

describe("readObjectIdentifier", () => {
  const identifiers = ["2.5.4.3", "0.9.2342.19200300.100.1.1", "1.3.6.1.4.1.311.60.2.1.3", "0.0", "1.39", "2.0", "2.999.1", "1.2.4294967295"]; // prettier-ignore
  for (const identifier of identifiers) {
    it(identifier, () => {
      assert.equal(readObjectIdentifier(readElement(oid(identifier))), identifier);
    });
  }

  it("keeps arcs longer than a double apart", () => {
    const read = (last: number) => readObjectIdentifier(readElement(tlv(6, bytes(0x55, ...Array<number>(9).fill(0xff), last)))); // prettier-ignore
    assert.notEqual(read(1), read(2));
  });

  const refused: Record<string, Buffer> = {
    "an empty one": tlv(6),
    "one that is cut": tlv(6, bytes(0x55, 4, 0x83)),
    "an arc of 100 kB, which would take seconds": tlv(
      6,
      Buffer.concat([Buffer.alloc(100_000, 0xff), bytes(1)]),
    ),
    "an arc with padding before, a CN to a lenient reader": tlv(6, bytes(0x55, 4, 0x80, 3)),
    "another type": utf8("2.5.4.3"),
  };
  for (const [what, der] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readObjectIdentifier(readElement(der)));
    });
  }
});
