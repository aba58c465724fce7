/** Writes DER through node-forge, which keeps octets in strings of Latin-1. */
import forge from "node-forge";

const { asn1 } = forge;
const { Class, Type } = asn1;

export type Node = forge.asn1.Asn1;

export const sequence = (...nodes: Node[]): Node => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, nodes);
export const setOf = (...nodes: Node[]): Node => asn1.create(Class.UNIVERSAL, Type.SET, true, nodes);
export const identifier = (oid: string): Node =>
  asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(oid).getBytes());
export const integer = (value: number): Node =>
  asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes());
export const octetString = (octets: Uint8Array): Node =>
  asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, latin1(octets));
/** The library makes two octets of each unit of UTF-16 by itself. */
export const bmpString = (text: string): Node => asn1.create(Class.UNIVERSAL, Type.BMPSTRING, false, text);
export const nothing = (): Node => asn1.create(Class.UNIVERSAL, Type.NULL, false, "");
/** `[0] EXPLICIT`; the library calls the number 0 NONE. */
export const explicit = (node: Node): Node => asn1.create(Class.CONTEXT_SPECIFIC, Type.NONE, true, [node]);
/** `[0] IMPLICIT OCTET STRING`. */
export const implicitOctets = (octets: Uint8Array): Node =>
  asn1.create(Class.CONTEXT_SPECIFIC, Type.NONE, false, latin1(octets));

export function toDer(node: Node): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), "latin1");
}

/** @throws Error when there is anything but one whole element */
export function fromDer(octets: Uint8Array): Node {
  return asn1.fromDer(latin1(octets));
}

/** The element that stands at such a path of positions. Throws TypeError when there is none. */
export function at(node: Node, ...path: readonly number[]): Node {
  let found: Node | undefined = node;
  for (const position of path) found = typeof found?.value === "string" ? undefined : found?.value[position];
  if (!found) throw new TypeError("There is no such element");
  return found;
}

/** The content of a primitive element. */
export function contentOf({ value }: Node): Buffer {
  if (typeof value !== "string") throw new TypeError("The element is not primitive");
  return Buffer.from(value, "latin1");
}

/** The object identifier that an element holds. */
export function identifierIn(node: Node): string {
  return asn1.derToOid(contentOf(node).toString("latin1"));
}

/** UTF-16, the high octet first. */
export function utf16(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString("latin1");
}
