import type { X509Certificate } from "node:crypto";
import { printSubject, readSubject } from "./read-subject.ts";
import { extendedKeyUsages } from "./profiles.ts";
import type { RevocationReason } from "./revocation-list.ts";

/** One certificate. */
export type IndexEntry = {
  /** Hexadecimal digits in upper case, as `X509Certificate` and OpenSSL print them. */
  readonly serialNumber: string;
  /** What it was issued under, usually the name of its files: `grace`. */
  readonly name: string;
  /** RFC 4514, for people to read. */
  readonly subject: string;
  /** Which of the folder's authorities signed it. */
  readonly issuer: AuthorityName;
  readonly purpose: "client" | "server" | "authority" | "other";
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly revoked?: { readonly date: Date; readonly reason?: RevocationReason };
};

export type AuthorityName = "root" | "intermediate";

/** What the index says of a certificate that has just been signed. */
export function entryFor(
  certificate: X509Certificate,
  { name, issuer }: { readonly name: string; readonly issuer: AuthorityName },
): IndexEntry {
  return {
    serialNumber: certificate.serialNumber,
    name,
    subject: printSubject(readSubject(certificate.raw)),
    issuer,
    purpose: purposeOf(certificate),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
  };
}

/** What a certificate is for, in one word. */
export function purposeOf(certificate: X509Certificate): IndexEntry["purpose"] {
  if (certificate.ca) return "authority";
  // Node calls the list of extendedKeyUsage object identifiers keyUsage
  const usages = (certificate.keyUsage as string[] | undefined) ?? [];
  if (usages.includes(extendedKeyUsages.serverAuth)) return "server";
  return usages.includes(extendedKeyUsages.clientAuth) ? "client" : "other";
}

/** A serial number as the index has it, from what people and programs write: colons, lower case, leading zeros. */
export function serialNumberFrom(text: string): string | undefined {
  const digits = text
    .replaceAll(":", "")
    .replace(/^0+(?=.)/, "")
    .toUpperCase();
  if (!/^[0-9A-F]{1,40}$/.test(digits)) return undefined;
  return digits.padStart(digits.length + (digits.length % 2), "0");
}
