/** Alternative names for a minted certificate. Its signature no longer holds; nothing here verifies it. */
import { childrenOf, readElement, tags } from "../der.ts";
import { oid, sequence, tlv } from "./der.ts";

export type AltNames = {
  readonly emails?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly uris?: readonly string[];
};

/** @param names Latin-1 text, written as its octets: IA5String or not */
export function withAltNames(
  certificate: Buffer,
  { emails = [], dnsNames = [], uris = [] }: AltNames,
): Buffer {
  const [tbs, ...signature] = childrenOf(readElement(certificate), tags.sequence);
  if (tbs === undefined) throw new Error("no certificate");
  const octets = (name: string) => Buffer.from(name, "latin1");
  const names = sequence(
    ...emails.map((name) => tlv(0x81, octets(name))),
    ...dnsNames.map((name) => tlv(0x82, octets(name))),
    ...uris.map((name) => tlv(0x86, octets(name))),
  );
  const extensions = tlv(0xa3, sequence(sequence(oid("2.5.29.17"), tlv(0x04, names))));
  return sequence(sequence(tbs.content, extensions), ...signature.map(({ encoded }) => encoded));
}
