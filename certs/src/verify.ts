import type { X509Certificate } from "node:crypto";
import { spokenDate } from "./spoken-date.ts";

/** The two kinds of thing that are verified: a root, or a certificate that a root issued for one purpose. */
export type Expectation = {
  readonly issuer: X509Certificate;
  /** The object identifier that must stand in extendedKeyUsage; without one the certificate must be an authority. */
  readonly purpose?: string;
  /** Now, unless given. */
  readonly at?: Date;
};

/**
 * Checks one link of a chain: who issued the certificate, the signature, its dates, and what it may be used for. The
 * issuer is a link of its own.
 *
 * @returns what is wrong, as the second half of a sentence whose first half names the file; undefined when it is good.
 */
export function problemWith(certificate: X509Certificate, expected: Expectation): string | undefined {
  const { issuer, purpose, at = new Date() } = expected;
  // checkIssued compares names, key identifiers and the issuer's key usage; only verify looks at the signature
  if (!issuer.ca || !certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey))
    return "was not issued by root.crt";
  if (at < certificate.validFromDate) return `is not valid before ${spokenDate(certificate.validFromDate)}`;
  if (at > certificate.validToDate) return `ended on ${spokenDate(certificate.validToDate)}`;
  if (purpose === undefined) return certificate.ca ? undefined : "is not an authority's certificate";
  // Node calls the list of extendedKeyUsage object identifiers keyUsage
  return (certificate.keyUsage as string[] | undefined)?.includes(purpose)
    ? undefined
    : `lacks the extended key usage ${purpose}`;
}
