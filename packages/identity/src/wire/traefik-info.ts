/** The text inside `X-Forwarded-Tls-Client-Cert-Info`: `Subject="C=US,CN=x";Issuer="...";SerialNumber="1";NB="0";NA="0";SAN="a,b"`. */
import { attributeTypes } from "../attribute-types.ts";
import type { Certificate } from "../certificate.ts";
import { valuesOf, type Attribute, type DistinguishedName } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";
import type { AssertedIdentity } from "../dialects/dialect.ts";
import { altNameKind } from "./alt-name-kind.ts";

/**
 * The attributes stand in the certificate's order, and all of them: Traefik sorts them, and leaves out what it does not
 * know, so that two subjects become one text. Where a subject is in Traefik's order, the text is Traefik's.
 * @throws IdentityError `subject-ambiguous` for a subject or an alternative name that the text cannot carry
 */
export function printTraefikInfo(certificate: Certificate): string {
  const { subject, issuer, serialNumber, notBefore, notAfter } = certificate;
  // The issuer is one of our own authorities: left out where the text cannot carry it, but no reason to refuse a client.
  const fields: (readonly [key: string, value: string | undefined])[] = [
    ["Subject", printName(subject) ?? refuse("subject")],
    ["Issuer", printName(issuer)],
    ["SerialNumber", printDecimal(serialNumber)],
    ["NB", printSeconds(notBefore)],
    ["NA", printSeconds(notAfter)],
    ["SAN", printAltNames(certificate)],
  ];
  return fields.flatMap(([key, value]) => (value ? [`${key}="${value}"`] : [])).join(";");
}

const pattern =
  /^(?:Subject="([^"]+)"(?:;|$))?(?:Issuer="([^"]+)"(?:;|$))?(?:SerialNumber="-?\d+"(?:;|$))?(?:NB="\d+"(?:;|$))?(?:NA="\d+"(?:;|$))?(?:SAN="([^"]+)"(?:;|$))?$/;

/**
 * @throws IdentityError `name-malformed`, `subject-missing`
 */
export function parseTraefikInfo(text: string): Partial<AssertedIdentity> {
  const match = text.endsWith(";") ? null : pattern.exec(text);
  if (match === null) throw malformed();
  const [, subject, issuer, altNames = ""] = match;
  if (subject === undefined)
    throw new IdentityError("subject-missing", "The certificate's fields name no subject.");
  const names = altNames === "" ? [] : altNames.split(",");
  return {
    subject: parseName(subject),
    issuer: issuer === undefined ? undefined : parseName(issuer),
    emails: names.filter((name) => altNameKind(name) === "emails"),
    dnsNames: names.filter((name) => altNameKind(name) === "dnsNames"),
    uris: names.filter((name) => altNameKind(name) === "uris"),
  };
}

/** `SN` is the serialNumber in Traefik's text; everywhere else it is the surname, which therefore has no name here. */
function keyOf({ type }: Attribute): string | undefined {
  const shortName = attributeTypes.shortNameOf(type);
  if (shortName === "SN") return undefined;
  return shortName === "serialNumber" ? "SN" : shortName;
}

/**
 * What a value may hold. Not `"`, `;`, `,`, `=`, `\`, controls and invisible characters, which end or hide something; not
 * `%` and `+`, which become another character where a reader decodes twice, or not at all; no spaces around it.
 */
const carriable = /^(?! )(?:[^",;=\\%+\p{C}\p{Z}]| )+(?<! )$/u;

/** @returns `undefined` for a name that the text cannot carry, and for one without attributes an empty text */
function printName(name: DistinguishedName): string | undefined {
  if (name.some((rdn) => rdn.length > 1) || valuesOf(name, "CN").length > 1) return undefined;
  const parts = name.flat().map((attribute) => {
    const key = keyOf(attribute);
    const { value } = attribute;
    return key === undefined || value === undefined || !carriable.test(value) ? undefined : `${key}=${value}`;
  });
  return parts.includes(undefined) ? undefined : parts.join(",");
}

function parseName(text: string): DistinguishedName {
  const name = text.split(",").map((part): Attribute[] => {
    const [, key = "", value = ""] = /^([A-Za-z0-9]+)=(.*)$/su.exec(part) ?? [];
    const type = attributeTypes.oidOf(key === "SN" ? "serialNumber" : key);
    if (type === undefined) throw malformed();
    return [{ type, value, der: undefined }];
  });
  if (printName(name) !== text) throw malformed();
  return name;
}

function printDecimal(serialNumber: string): string {
  const digits = BigInt(`0x${serialNumber.replace("-", "")}`).toString();
  return serialNumber.startsWith("-") ? `-${digits}` : digits;
}

/** Whole seconds since the epoch; nothing before it, where Traefik's unsigned number wraps. */
function printSeconds(milliseconds: number): string | undefined {
  return milliseconds < 0 ? undefined : String(Math.floor(milliseconds / 1000));
}

function printAltNames({ subjectAltNames }: Certificate): string {
  const kinds = ["dnsNames", "emails", "ipAddresses", "uris"] as const;
  return kinds
    .flatMap((kind) =>
      subjectAltNames[kind].map((name) => (altNameKind(name) === kind ? name : refuse("alternative name"))),
    )
    .join(",");
}

function refuse(what: string): never {
  throw new IdentityError(
    "subject-ambiguous",
    `The certificate's ${what} cannot be written in X-Forwarded-Tls-Client-Cert-Info without being taken for something else; ask for X-Forwarded-Tls-Client-Cert alone.`,
  );
}

function malformed(): IdentityError {
  return new IdentityError("name-malformed", "The value does not hold the fields of one certificate.");
}
