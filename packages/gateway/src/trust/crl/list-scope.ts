/** Which certificates of its issuer a revocation list covers: the issuingDistributionPoint extension (RFC 5280 section 5.2.5). */
import { childrenOf, readElement, tags, type Element } from "@sallyport/identity/der";
import type { CertificateScope } from "./certificate-scope.ts";
import { urisOf } from "./distribution-point-name.ts";
import { readBoolean } from "../extensions.ts";
import { ListRefused } from "./list-refused.ts";

export type ListScope = {
  readonly onlyUsers: boolean;
  readonly onlyAuthorities: boolean;
  /** Covers only certificates that name one of these; `undefined`: wherever they point. */
  readonly distributionPoints: readonly string[] | undefined;
};

export const everything: ListScope = {
  onlyUsers: false,
  onlyAuthorities: false,
  distributionPoints: undefined,
};

const refusedFlags = new Map([
  [0xa3, "covers only some reasons for revocation"],
  [0x83, "covers only some reasons for revocation"],
  [0x84, "is an indirect list, which speaks for other authorities than the one that signed it"],
  [0x85, "lists attribute certificates, which nobody logs in with"],
]);

/**
 * IssuingDistributionPoint ::= SEQUENCE { [0] distributionPoint, [1] onlyContainsUserCerts, [2] onlyContainsCACerts,
 * [3] onlySomeReasons, [4] indirectCRL, [5] onlyContainsAttributeCerts }, all of them optional, the flags FALSE by default
 * @throws ListRefused Error
 */
export function readListScope(extension: Buffer): ListScope {
  let scope = everything;
  let last = 0;
  for (const field of childrenOf(readElement(extension), tags.sequence)) {
    const number = field.tag & 0x1f;
    if (number < last) throw new Error("fields out of order");
    last = number + 1;
    scope = { ...scope, ...readField(field) };
  }
  return scope;
}

function readField(field: Element): Partial<ListScope> {
  switch (field.tag) {
    case 0xa0:
      return { distributionPoints: pointsOf(field) };
    case 0x81:
      return { onlyUsers: readBoolean(field, 0x81) };
    case 0x82:
      return { onlyAuthorities: readBoolean(field, 0x82) };
    default: {
      const reason = refusedFlags.get(field.tag);
      if (reason === undefined) throw new Error("an unknown field of issuingDistributionPoint");
      // onlySomeReasons is a BIT STRING; the flags may say FALSE, against DER.
      if (field.tag === 0x83 || field.tag === 0xa3 || readBoolean(field, field.tag))
        throw new ListRefused(reason);
      return {};
    }
  }
}

function pointsOf(field: Element): readonly string[] {
  const uris = urisOf(field);
  if (uris.length === 0) throw new ListRefused("has a distribution point that is no URI");
  return uris;
}

/** Whether the list could name the certificate, so that its silence means something. */
export function covers(list: ListScope, certificate: CertificateScope | undefined): boolean {
  const { onlyUsers, onlyAuthorities, distributionPoints } = list;
  if (!onlyUsers && !onlyAuthorities && distributionPoints === undefined) return true;
  if (certificate === undefined) return false;
  if (certificate.authority ? onlyUsers : onlyAuthorities) return false;
  return distributionPoints?.some((uri) => certificate.distributionPoints.includes(uri)) ?? true;
}
