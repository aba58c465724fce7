/** The door of @sallyport/identity. */
export { readCertificate, type Certificate } from "./certificate.ts";
export { anonymous, type ClientIdentity } from "./client-identity.ts";
export { commonNameOf, valuesOf, type Attribute, type DistinguishedName, type RelativeDistinguishedName } from "./distinguished-name.ts"; // prettier-ignore
export { hasVariable } from "./dialects/has-variable.ts";
export { dialects } from "./dialects/index.ts";
export type {
  AssertedIdentity,
  Connection,
  Dialect,
  HeaderLine,
  TlsFacts,
  WriteOptions,
} from "./dialects/dialect.ts";
export type { SubjectAltNames } from "./subject-alt-names.ts";
export { attributeTypes } from "./attribute-types.ts";
export { comparableName, comparablePart, comparableText, sameName } from "./same-name.ts";
export { writeIdentity, type Speech } from "./write-identity.ts";
export { readName } from "./name-element.ts";
export { readTime } from "./time.ts";
export { foldName } from "./fold-name.ts";
export { IdentityError, type IdentityErrorCode } from "./identity-error.ts";
export { legacyAmbiguity, parseLegacyName, printLegacyName } from "./legacy-name.ts";
export { readIdentity } from "./read-identity.ts";
export { isReserved } from "./reserved-names.ts";
export { parseRfc4514, printRfc2253, printRfc4514 } from "./rfc4514.ts";
