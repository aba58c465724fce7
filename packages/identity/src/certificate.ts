/** DER -> the facts of a certificate that identity is made of (RFC 5280). The only room that reads ASN.1 structure. */
import { createHash, X509Certificate } from "node:crypto";
import { fromBER, ObjectIdentifier, type AsnType } from "asn1js";
import { decodeCharacterString } from "./character-string.ts";
import type { Attribute, DistinguishedName } from "./distinguished-name.ts";
import { IdentityError } from "./identity-error.ts";

/** What a certificate says. Says, not proves: whether it is to be believed is the verdict's business. */
export type Certificate = {
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Upper-case hex with an even number of digits, `-` in front when negative, `00` for zero: as mod_ssl and nginx print it. */
  readonly serialNumber: string;
  /** First and last instant of validity, milliseconds since the epoch, both inclusive (RFC 5280 section 4.1.2.5). */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Lower-case hex of the SHA-256 of the DER, and of the SubjectPublicKeyInfo alone. */
  readonly sha256: string;
  readonly spkiSha256: string;
  readonly pem: string;
};

/**
 * Reads one certificate.
 * @param der the certificate exactly as the peer sent it
 * @throws IdentityError `certificate-malformed`
 */
export function readCertificate(der: Buffer): Certificate {
  try {
    const x509 = new X509Certificate(der);
    const fields = tbsFields(der);
    return {
      serialNumber: printSerial(contentBytes(fields.serialNumber)),
      issuer: readName(fields.issuer),
      subject: readName(fields.subject),
      notBefore: x509.validFromDate.getTime(),
      notAfter: x509.validToDate.getTime(),
      sha256: sha256(der),
      spkiSha256: sha256(x509.publicKey.export({ type: "spki", format: "der" })),
      pem: x509.toString(),
    };
  } catch (error) {
    throw new IdentityError("certificate-malformed", "The certificate cannot be read.", { cause: error });
  }
}

/** TBSCertificate ::= SEQUENCE { [0] version OPTIONAL, serialNumber, signature, issuer, validity, subject, ... } */
function tbsFields(der: Buffer): { serialNumber: AsnType; issuer: AsnType; subject: AsnType } {
  const { result, offset } = fromBER(der);
  if (offset !== der.length) throw new Error(result.error || "bytes behind the certificate");
  const tbs = children(at(children(result), 0));
  const first = at(tbs, 0).idBlock.tagClass === 3 ? 1 : 0;
  return { serialNumber: at(tbs, first), issuer: at(tbs, first + 2), subject: at(tbs, first + 4) };
}

function readName(name: AsnType): DistinguishedName {
  return children(name).map((rdn) => children(rdn).map(readAttribute));
}

function readAttribute(attribute: AsnType): Attribute {
  const [type, value] = children(attribute);
  if (!(type instanceof ObjectIdentifier) || value === undefined) throw new Error("not an attribute");
  const der = Buffer.from(value.valueBeforeDecodeView);
  return {
    type: type.getValue(),
    value: decodeCharacterString(der),
    der: der.toString("hex").toUpperCase(),
  };
}

function children(node: AsnType): AsnType[] {
  const { valueBlock } = node;
  if (!("value" in valueBlock) || !Array.isArray(valueBlock.value))
    throw new Error("a constructed type was expected");
  return valueBlock.value as AsnType[];
}

function at(nodes: AsnType[], index: number): AsnType {
  const node = nodes[index];
  if (node === undefined) throw new Error("a field is missing");
  return node;
}

function contentBytes(node: AsnType): Buffer {
  return Buffer.from(node.valueBeforeDecodeView).subarray(node.blockLength - node.valueBlock.blockLength);
}

function printSerial(octets: Buffer): string {
  const value = BigInt.asIntN(octets.length * 8, BigInt(`0x${octets.toString("hex")}`));
  const digits = (value < 0n ? -value : value).toString(16).toUpperCase();
  return `${value < 0n ? "-" : ""}${digits.length % 2 === 0 ? digits : `0${digits}`}`;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
