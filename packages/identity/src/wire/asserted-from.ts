/** A certificate in one header and what stands in the others: one client, or none. */
import type { Certificate } from "../certificate.ts";
import type { DistinguishedName } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";
import { printRfc4514 } from "../rfc4514.ts";
import type { AssertedIdentity } from "../dialects/dialect.ts";
import { assertedBy, nothingAsserted } from "./header-lines.ts";

/** What the other headers say; `undefined` where they do not. */
export type Beside = {
  readonly subject?: DistinguishedName | undefined;
  readonly issuer?: DistinguishedName | undefined;
  /** Hex, with or without colons and leading zeros. */
  readonly serialNumber?: string | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | undefined;
  readonly sha1?: string | undefined;
  readonly uris?: readonly string[] | undefined;
  readonly dnsNames?: readonly string[] | undefined;
};

/**
 * With a certificate, it alone is believed, and whatever else is said must be said in it too: two headers that disagree
 * come from two hands. Without one, the subject stands for it.
 * @throws IdentityError `certificate-mismatch` when they disagree, `subject-missing` when there is neither
 */
export function assertedFrom(certificate: Certificate | undefined, beside: Beside): AssertedIdentity {
  if (certificate !== undefined) {
    const disagreement = findDisagreement(certificate, beside);
    if (disagreement === undefined) return assertedBy(certificate);
    throw new IdentityError(
      "certificate-mismatch",
      `The certificate and the ${disagreement} beside it disagree.`,
    );
  }
  const { subject, issuer, sha256, uris = [], dnsNames = [] } = beside;
  if (subject === undefined || subject.length === 0) {
    throw new IdentityError("subject-missing", "The request carries neither a certificate nor a subject.");
  }
  return { ...nothingAsserted, subject, issuer, sha256, uris, dnsNames };
}

function findDisagreement(certificate: Certificate, beside: Beside): string | undefined {
  const { subjectAltNames } = certificate;
  const agreements: Record<string, boolean> = {
    subject: sameName(beside.subject, certificate.subject),
    issuer: sameName(beside.issuer, certificate.issuer),
    "serial number":
      beside.serialNumber === undefined || plain(beside.serialNumber) === plain(certificate.serialNumber),
    "SHA-256": (beside.sha256 ?? certificate.sha256) === certificate.sha256,
    "SHA-1": (beside.sha1 ?? certificate.sha1) === certificate.sha1,
    "URI names": isSubset(beside.uris, subjectAltNames.uris),
    "DNS names": isSubset(beside.dnsNames, subjectAltNames.dnsNames),
  };
  return Object.keys(agreements).find((what) => agreements[what] === false);
}

/** Compared as printed: a name read from text has no DER, and no two names print alike. */
function sameName(beside: DistinguishedName | undefined, certified: DistinguishedName): boolean {
  return beside === undefined || printRfc4514(beside) === printRfc4514(certified);
}

function plain(serialNumber: string): string {
  return serialNumber
    .replaceAll(":", "")
    .toUpperCase()
    .replace(/^(?:00)+(?=..)/, "");
}

function isSubset(beside: readonly string[] | undefined, certified: readonly string[]): boolean {
  const all = new Set(certified);
  return (beside ?? []).every((name) => all.has(name));
}
