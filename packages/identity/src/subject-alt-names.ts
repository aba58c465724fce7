/** The SubjectAltName extension (RFC 5280 section 4.2.1.6), by kind. */
import { decodeCharacterString } from "./character-string.ts";
import { childrenOf, readElement, readObjectIdentifier, tags, type Element } from "./der.ts";

/** Values as they stand in the certificate, each kind in its order. Latin-1 text: RFC 5280 has IA5String, others do not care. */
export type SubjectAltNames = {
  readonly emails: readonly string[];
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  /** `192.0.2.1` or `2001:db8:0:0:0:0:0:1`. */
  readonly ipAddresses: readonly string[];
  /** User principal names: otherName 1.3.6.1.4.1.311.20.2.3 holding a UTF8String. */
  readonly upns: readonly string[];
};

const subjectAltName = "2.5.29.17";
const userPrincipalName = "1.3.6.1.4.1.311.20.2.3";
const octetString = 0x04;
/** GeneralName is a CHOICE of context tags. */
const kinds = { otherName: 0xa0, email: 0x81, dnsName: 0x82, uri: 0x86, ipAddress: 0x87 } as const;

/**
 * @param extensions the Extension elements of a certificate
 * @throws Error when the extension is malformed or there twice (RFC 5280 section 4.2)
 */
export function readSubjectAltNames(extensions: readonly Element[]): SubjectAltNames {
  const values = extensions
    .map((extension) => childrenOf(extension, tags.sequence))
    .filter(([oid]) => oid !== undefined && readObjectIdentifier(oid) === subjectAltName)
    .map((parts) => parts.at(-1));
  const [value] = values;
  if (values.length > 1 || (value !== undefined && value.tag !== octetString))
    throw new Error("no single extension");
  const names = value === undefined ? [] : childrenOf(readElement(value.content), tags.sequence);
  const texts = (kind: number) =>
    names.filter(({ tag }) => tag === kind).map(({ content }) => content.toString("latin1"));
  return {
    emails: texts(kinds.email),
    dnsNames: texts(kinds.dnsName),
    uris: texts(kinds.uri),
    ipAddresses: names
      .filter(({ tag }) => tag === kinds.ipAddress)
      .map(({ content }) => printAddress(content)),
    upns: names.filter(({ tag }) => tag === kinds.otherName).flatMap(readUpn),
  };
}

/** OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY } */
function readUpn(name: Element): string[] {
  const [oid, wrapper] = childrenOf(name, kinds.otherName);
  if (!oid || !wrapper || readObjectIdentifier(oid) !== userPrincipalName) return [];
  const [value] = childrenOf(wrapper, 0xa0);
  const text = value?.tag === 0x0c ? decodeCharacterString(value) : undefined;
  return text === undefined ? [] : [text];
}

function printAddress(octets: Buffer): string {
  if (octets.length === 4) return octets.join(".");
  if (octets.length !== 16) throw new Error("an IP address of neither 4 nor 16 octets");
  return Array.from({ length: 8 }, (_, at) => octets.readUInt16BE(2 * at).toString(16)).join(":");
}
