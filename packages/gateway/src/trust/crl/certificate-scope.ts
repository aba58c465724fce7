/** What of a certificate decides which revocation lists cover it. */
import type { Certificate } from "@sallyport/identity";
import { childrenOf, readElement, tags, type Element } from "@sallyport/identity/der";
import { urisOf } from "./distribution-point-name.ts";
import { extensionsOf, readBoolean } from "../extensions.ts";

export type CertificateScope = {
  /** basicConstraints says that it may sign certificates. */
  readonly authority: boolean;
  /** Where its authority publishes a whole list that it is in, any scheme. */
  readonly distributionPoints: readonly string[];
};

const basicConstraints = "2.5.29.19";
const cRLDistributionPoints = "2.5.29.31";
const scopes = new WeakMap<Certificate, CertificateScope>();
const distributionPoint = 0xa0;

/** Read once per certificate. Never throws: no list with a limited scope covers a certificate that cannot be read. */
export function scopeOf(certificate: Certificate): CertificateScope | undefined {
  const known = scopes.get(certificate);
  if (known !== undefined) return known;
  try {
    const extensions = extensionsOf(certificate.der);
    const constraints = extensions.get(basicConstraints);
    const [flag] = constraints ? childrenOf(readElement(constraints.value), tags.sequence) : [];
    const points = extensions.get(cRLDistributionPoints);
    const scope = {
      authority: flag?.tag === 0x01 && readBoolean(flag, 0x01),
      distributionPoints: points
        ? childrenOf(readElement(points.value), tags.sequence).flatMap(wholeListsAt)
        : [],
    };
    scopes.set(certificate, scope);
    return scope;
  } catch {
    return undefined;
  }
}

/**
 * DistributionPoint ::= SEQUENCE { [0] distributionPoint, [1] reasons, [2] cRLIssuer }. One with reasons has a list of
 * some reasons only, one with a cRLIssuer an indirect list: neither can call a certificate good.
 */
function wholeListsAt(point: Element): string[] {
  const [name, ...more] = childrenOf(point, tags.sequence);
  return name?.tag === distributionPoint && more.length === 0 ? urisOf(name) : [];
}
