/** DER -> the facts of a certificate that identity is made of (RFC 5280). */
import { createHash, X509Certificate } from "node:crypto";
import { decodeCharacterString } from "./character-string.ts";
import type { Attribute, DistinguishedName } from "./distinguished-name.ts";
import { childrenOf, readElement, readObjectIdentifier, tags, type Element } from "./der.ts";
import { readTime } from "./time.ts";
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
      serialNumber: printSerial(fields.serialNumber.content),
      issuer: readName(fields.issuer),
      subject: readName(fields.subject),
      notBefore: readTime(fields.notBefore),
      notAfter: readTime(fields.notAfter),
      sha256: sha256(der),
      spkiSha256: sha256(x509.publicKey.export({ type: "spki", format: "der" })),
      pem: x509.toString(),
    };
  } catch (error) {
    throw new IdentityError("certificate-malformed", "The certificate cannot be read.", { cause: error });
  }
}

type TbsFields = Readonly<Record<"serialNumber" | "issuer" | "subject" | "notBefore" | "notAfter", Element>>;

/** TBSCertificate ::= SEQUENCE { [0] version OPTIONAL, serialNumber, signature, issuer, validity, subject, ... } */
function tbsFields(der: Buffer): TbsFields {
  const [tbs] = childrenOf(readElement(der), tags.sequence);
  const fields = tbs === undefined ? [] : childrenOf(tbs, tags.sequence);
  const [serialNumber, , issuer, validity, subject] =
    fields[0]?.tag === tags.version ? fields.slice(1) : fields;
  const [notBefore, notAfter, ...more] = validity ? childrenOf(validity, tags.sequence) : [];
  if (
    serialNumber?.tag !== tags.integer ||
    !issuer ||
    !subject ||
    !notBefore ||
    !notAfter ||
    more.length > 0
  ) {
    throw new Error("a field is missing");
  }
  return { serialNumber, issuer, subject, notBefore, notAfter };
}

function readName(name: Element): DistinguishedName {
  return childrenOf(name, tags.sequence).map((rdn) => childrenOf(rdn, tags.set).map(readAttribute));
}

function readAttribute(attribute: Element): Attribute {
  const [type, value, ...more] = childrenOf(attribute, tags.sequence);
  if (type === undefined || value === undefined || more.length > 0) throw new Error("not an attribute");
  return {
    type: readObjectIdentifier(type),
    value: decodeCharacterString(value),
    der: value.encoded.toString("hex").toUpperCase(),
  };
}

function printSerial(octets: Buffer): string {
  const value = BigInt.asIntN(octets.length * 8, BigInt(`0x${octets.toString("hex")}`));
  const digits = (value < 0n ? -value : value).toString(16).toUpperCase();
  return `${value < 0n ? "-" : ""}${digits.length % 2 === 0 ? digits : `0${digits}`}`;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
