/** Name ::= SEQUENCE OF RelativeDistinguishedName, as it stands in a certificate (RFC 5280 section 4.1.2.4). */
import { decodeCharacterString } from "./character-string.ts";
import { childrenOf, readObjectIdentifier, tags, type Element } from "./der.ts";
import type { Attribute, DistinguishedName } from "./distinguished-name.ts";

/** @throws Error */
export function readName(name: Element): DistinguishedName {
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
