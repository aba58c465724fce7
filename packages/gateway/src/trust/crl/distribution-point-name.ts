/** DistributionPointName (RFC 5280 sections 4.2.1.13 and 5.2.5), as certificates and revocation lists have it. */
import { childrenOf, readElement, type Element } from "@sallyport/identity/der";

const fullName = 0xa0;
const uniformResourceIdentifier = 0x86;

/**
 * DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
 * @param wrapper the field that holds it, [0]
 * @returns the URIs among its names; none in a name that is relative to the issuer's
 * @throws Error
 */
export function urisOf(wrapper: Element): string[] {
  childrenOf(wrapper, 0xa0);
  const name = readElement(wrapper.content);
  if (name.tag !== fullName) return [];
  return childrenOf(name, fullName)
    .filter(({ tag }) => tag === uniformResourceIdentifier)
    .map(({ content }) => content.toString("latin1"));
}
