/**
 * DER (X.690 section 10), read strictly: definite, shortest lengths, every element exactly filled by what it holds.
 *
 * Our own, because here a reader's leniency is an impersonation: two readers that disagree on where an element ends
 * disagree on who somebody is, and the one whose word counts is OpenSSL, which verified the signature. Where this reader
 * cannot be sure that OpenSSL saw the same, it throws. It knows no tag numbers above 30; certificates have none.
 */

export type Element = {
  /** The identifier octet: class, constructed bit, and tag number. */
  readonly tag: number;
  readonly content: Buffer;
  /** Identifier, length and content: the element as it was encoded. */
  readonly encoded: Buffer;
};

export const tags = {
  sequence: 0x30,
  set: 0x31,
  integer: 0x02,
  objectIdentifier: 0x06,
  version: 0xa0,
} as const;

/** The one element that fills `der` exactly. @throws Error */
export function readElement(der: Buffer): Element {
  const element = elementAt(der, 0);
  if (element.encoded.length !== der.length) throw new Error("octets behind the element");
  return element;
}

/** What a constructed element of the given tag holds. @throws Error */
export function childrenOf({ tag, content }: Element, expected: number): Element[] {
  if (tag !== expected) throw new Error(`tag ${tag} where ${expected} was expected`);
  return [...elementsOf(content)];
}

/** The elements that fill `content` exactly, one at a time: of a million, none has to be kept. @throws Error */
export function* elementsOf(content: Buffer): Generator<Element, void, undefined> {
  for (let at = 0; at < content.length;) {
    const element = elementAt(content, at);
    yield element;
    at += element.encoded.length;
  }
}

function elementAt(buffer: Buffer, at: number): Element {
  const tag = octetAt(buffer, at);
  if ((tag & 0x1f) === 0x1f) throw new Error("a tag number above 30");
  const first = octetAt(buffer, at + 1);
  const lengthOctets = first < 0x80 ? 0 : first - 0x80;
  const start = at + 2 + lengthOctets;
  if (first === 0x80 || lengthOctets > 4 || start > buffer.length)
    throw new Error("a length that is not definite");
  const length = lengthOctets === 0 ? first : buffer.readUIntBE(at + 2, lengthOctets);
  const shortest = length < 0x80 ? 0 : Math.ceil(length.toString(16).length / 2);
  if (lengthOctets !== shortest) throw new Error("a length that is not the shortest");
  const end = start + length;
  if (end > buffer.length) throw new Error("an element longer than what holds it");
  return { tag, content: buffer.subarray(start, end), encoded: buffer.subarray(at, end) };
}

function octetAt(buffer: Buffer, at: number): number {
  const octet = buffer[at];
  if (octet === undefined) throw new Error("an element that is cut off");
  return octet;
}

/** Longer than any that is assigned. Without a limit one arc of 100 kB, shifted octet by octet, costs seconds. */
const longestIdentifier = 64;

/** `2.5.4.3`. @throws Error */
export function readObjectIdentifier({ tag, content }: Element): string {
  const sound = content.length > 0 && content.length <= longestIdentifier && (content.at(-1) ?? 0) < 0x80;
  if (tag !== tags.objectIdentifier || !sound) {
    throw new Error("no object identifier");
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    if (arc === 0n && octet === 0x80) throw new Error("an arc that is not the shortest");
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  // The first two arcs share a number (X.690 section 8.19.4).
  const [joint = 0n, ...rest] = arcs;
  const root = joint < 40n ? 0n : joint < 80n ? 1n : 2n;
  return [root, joint - 40n * root, ...rest].join(".");
}
