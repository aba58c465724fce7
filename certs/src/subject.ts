import { Name } from "./x509.ts";
import type { JsonAttributeObject, JsonNameParams } from "./x509.ts";

/**
 * One attribute of a distinguished name.
 *
 * `type` is a short name of RFC 4514 section 3 (`CN`, `C`, `ST` ...), `emailAddress`, `serialNumber`, or an object
 * identifier in dots. `value` is the text, taken literally: nothing is escaped or unescaped. Bytes are the DER of the
 * whole value instead, for encodings that are read everywhere and issued nowhere any more (TeletexString, BMPString).
 */
export type Attribute = { readonly type: string; readonly value: string | Uint8Array };

/** RDNs in the order of the certificate, country first by custom; a list inside the list is a multi-valued RDN. */
export type Subject = readonly (Attribute | readonly Attribute[])[];

const objectIdentifiers: Readonly<Record<string, string>> = {
  C: "2.5.4.6",
  CN: "2.5.4.3",
  DC: "0.9.2342.19200300.100.1.25",
  L: "2.5.4.7",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  ST: "2.5.4.8",
  STREET: "2.5.4.9",
  UID: "0.9.2342.19200300.100.1.1",
  emailAddress: "1.2.840.113549.1.9.1",
  serialNumber: "2.5.4.5",
};

/** `CN` for 2.5.4.3; the object identifier itself where no short name is known. */
export function shortNameOf(identifier: string): string {
  return Object.entries(objectIdentifiers).find(([, known]) => known === identifier)?.[0] ?? identifier;
}

// RFC 5280 appendix A.1 leaves these types no choice of string; every other text is a UTF8String (section 4.1.2.4)
const stringTypes: Readonly<Record<string, "printableString" | "ia5String">> = {
  C: "printableString",
  DC: "ia5String",
  emailAddress: "ia5String",
  serialNumber: "printableString",
};

/** Where this authority's people live: `C=US, ST=Virginia`, then the common name. */
export function localSubject(commonName: string): Subject {
  return [
    { type: "C", value: "US" },
    { type: "ST", value: "Virginia" },
    { type: "CN", value: commonName },
  ];
}

/**
 * Turns RDNs into the name that goes into a certificate.
 *
 * @throws TypeError when a type is neither known nor an object identifier.
 */
export function distinguishedName(subject: Subject): Name {
  return new Name(subject.map((rdn) => relativeName("type" in rdn ? [rdn] : rdn)));
}

function relativeName(attributes: readonly Attribute[]): JsonNameParams[number] {
  const single = ({ type, value }: Attribute) => ({ [identifier(type)]: [encode(type, value)] });
  const encoding = (attribute: Attribute) => Buffer.from(new Name([single(attribute)]).toArrayBuffer());
  // An RDN is a SET OF, and DER sorts those by their encoding (X.690 section 11.6)
  const sorted = attributes.toSorted((a, b) => encoding(a).compare(encoding(b)));
  const values: Record<string, JsonAttributeObject[]> = {};
  for (const { type, value } of sorted) (values[identifier(type)] ??= []).push(encode(type, value));
  return values;
}

function encode(type: string, value: string | Uint8Array): JsonAttributeObject {
  // the library reads a string that begins with # as the DER of the value; its type leaves that out
  if (typeof value !== "string") return `#${Buffer.from(value).toString("hex")}` as JsonAttributeObject;
  return { [stringTypes[type] ?? "utf8String"]: value };
}

function identifier(type: string): string {
  const found = objectIdentifiers[type] ?? type;
  if (!/^\d+(\.\d+)+$/.test(found)) throw new TypeError(`${type} is no attribute type known here`);
  return found;
}
