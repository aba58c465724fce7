/** Distinguished names as data (RFC 5280 section 4.1.2.4): what the printers and parsers of this folder share. */
import { attributeTypes } from "./attribute-types.ts";
import { IdentityError } from "./identity-error.ts";

/** One AttributeTypeAndValue. */
export type Attribute = {
  /** The attribute type as a dotted OID, `2.5.4.3` for CN. */
  readonly type: string;
  /** The value as text; `undefined` when its ASN.1 type is not a character string. */
  readonly value: string | undefined;
  /** The value's DER in upper-case hex; `undefined` when the name was read from text that did not carry it. */
  readonly der: string | undefined;
};

/** The attributes of one RelativeDistinguishedName, in the order they were encoded. Nearly always one. */
export type RelativeDistinguishedName = readonly Attribute[];

/** The RDNs in certificate order: most general (C) first. Order and grouping are part of the name. */
export type DistinguishedName = readonly RelativeDistinguishedName[];

/**
 * Every value that a name holds for one attribute type, in certificate order.
 * @param shortName a short name such as `CN` or `OU`, in any case
 */
export function valuesOf(name: DistinguishedName, shortName: string): string[] {
  const oid = attributeTypes.oidOf(shortName);
  return name
    .flat()
    .filter((attribute) => attribute.type === oid)
    .map((attribute) => attribute.value ?? "");
}

/**
 * The name's one and only CN: what a person is called.
 * Two CNs are refused, not chosen from: whoever can add one could otherwise be somebody else.
 * @throws IdentityError `common-name-missing` (none, or an empty one) or `common-name-repeated`
 */
export function commonNameOf(name: DistinguishedName): string {
  const values = valuesOf(name, "CN");
  const [first] = values;
  if (values.length > 1) {
    throw new IdentityError(
      "common-name-repeated",
      `The subject holds ${values.length} CNs; exactly one is needed.`,
    );
  }
  if (first === undefined || first === "") {
    throw new IdentityError("common-name-missing", "The subject holds no CN.");
  }
  return first;
}
