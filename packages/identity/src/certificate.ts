/** DER -> the facts of a certificate that identity is made of (RFC 5280). */
import { createHash, X509Certificate } from "node:crypto";
import type { DistinguishedName } from "./distinguished-name.ts";
import { childrenOf, readElement, readObjectIdentifier, tags, type Element } from "./der.ts";
import { readSubjectAltNames, type SubjectAltNames } from "./subject-alt-names.ts";
import { readTime } from "./time.ts";
import { readName } from "./name-element.ts";
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
  /** X.509 version as people count it: 3 for nearly every certificate. */
  readonly version: number;
  /** OpenSSL's long names, as mod_ssl prints them: `sha256WithRSAEncryption`, `rsaEncryption`, `id-ecPublicKey`. */
  readonly signatureAlgorithm: string;
  readonly keyAlgorithm: string;
  readonly subjectAltNames: SubjectAltNames;
  /** Lower-case hex of the SHA-256 and SHA-1 of the DER, and of the SHA-256 of the SubjectPublicKeyInfo alone. */
  readonly sha256: string;
  readonly sha1: string;
  readonly spkiSha256: string;
  readonly der: Buffer;
  /** PEM with a line feed behind every line, the last included. */
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
    const spki = x509.publicKey.export({ type: "spki", format: "der" });
    return {
      serialNumber: printSerial(fields.serialNumber.content),
      issuer: readName(fields.issuer),
      subject: readName(fields.subject),
      notBefore: readTime(fields.notBefore),
      notAfter: readTime(fields.notAfter),
      version: fields.version,
      signatureAlgorithm: x509.signatureAlgorithm ?? "UNKNOWN",
      keyAlgorithm: keyAlgorithmOf(spki),
      subjectAltNames: readSubjectAltNames(fields.extensions),
      sha256: digest("sha256", der),
      sha1: digest("sha1", der),
      spkiSha256: digest("sha256", spki),
      der,
      pem: x509.toString(),
    };
  } catch (error) {
    throw new IdentityError("certificate-malformed", "The certificate cannot be read.", { cause: error });
  }
}

type TbsFields = Readonly<
  Record<"serialNumber" | "issuer" | "subject" | "notBefore" | "notAfter", Element>
> & {
  readonly version: number;
  /** The Extension elements; none in a v1 certificate. */
  readonly extensions: readonly Element[];
};

const extensionsTag = 0xa3;

/**
 * TBSCertificate ::= SEQUENCE { [0] version OPTIONAL, serialNumber, signature, issuer, validity, subject,
 * subjectPublicKeyInfo, [1] issuerUniqueID OPTIONAL, [2] subjectUniqueID OPTIONAL, [3] extensions OPTIONAL }
 */
function tbsFields(der: Buffer): TbsFields {
  const [tbs] = childrenOf(readElement(der), tags.sequence);
  const all = tbs === undefined ? [] : childrenOf(tbs, tags.sequence);
  const explicit = all[0]?.tag === tags.version ? childrenOf(all[0], tags.version)[0] : undefined;
  const [serialNumber, , issuer, validity, subject, , ...optional] = explicit ? all.slice(1) : all;
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
  const wrapper = optional.find(({ tag }) => tag === extensionsTag);
  const [list] = wrapper ? childrenOf(wrapper, extensionsTag) : [];
  return {
    version: (explicit?.content[0] ?? 0) + 1,
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    extensions: list ? childrenOf(list, tags.sequence) : [],
  };
}

function printSerial(octets: Buffer): string {
  const value = BigInt.asIntN(octets.length * 8, BigInt(`0x${octets.toString("hex")}`));
  const digits = (value < 0n ? -value : value).toString(16).toUpperCase();
  return `${value < 0n ? "-" : ""}${digits.length % 2 === 0 ? digits : `0${digits}`}`;
}

const keyAlgorithms = new Map([
  ["1.2.840.113549.1.1.1", "rsaEncryption"],
  ["1.2.840.113549.1.1.10", "rsassaPss"],
  ["1.2.840.10045.2.1", "id-ecPublicKey"],
  ["1.2.840.10040.4.1", "dsaEncryption"],
  ["1.3.101.112", "ED25519"],
  ["1.3.101.113", "ED448"],
]);

/** SubjectPublicKeyInfo ::= SEQUENCE { algorithm SEQUENCE { OBJECT IDENTIFIER, ... }, ... } */
function keyAlgorithmOf(spki: Buffer): string {
  const [algorithm] = childrenOf(readElement(spki), tags.sequence);
  const [oid] = algorithm ? childrenOf(algorithm, tags.sequence) : [];
  return (oid && keyAlgorithms.get(readObjectIdentifier(oid))) ?? "UNKNOWN";
}

function digest(algorithm: "sha256" | "sha1", bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
