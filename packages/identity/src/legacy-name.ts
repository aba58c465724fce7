/** The slash form of a name, `/C=US/ST=Virginia/CN=Grace Hopper`: what mod_ssl wrote before 2.3.11 and the seed's backend still reads. */
import { attributeTypes } from "./attribute-types.ts";
import { valuesOf, type Attribute, type DistinguishedName } from "./distinguished-name.ts";
import { readElement, tags } from "./der.ts";
import { IdentityError } from "./identity-error.ts";

/**
 * Prints a name as `X509_NAME_oneline` of OpenSSL 3 does (`openssl x509 -subject -nameopt compat`): certificate order,
 * the content octets as they are encoded, `\xHH` outside 0x20..0x7E, `\/` and `\+` inside values.
 * The form has no sound escape. Ask {@link legacyAmbiguity} before a subject is written in it.
 */
export function printLegacyName(name: DistinguishedName): string {
  return name.map((rdn) => `/${rdn.map(printAttribute).join("+")}`).join("");
}

function printAttribute(attribute: Attribute): string {
  const text = Array.from(octetsOf(attribute), printOctet).join("");
  return `${attributeTypes.shortNameOf(attribute.type) ?? attribute.type}=${text}`;
}

function printOctet(octet: number): string {
  if (octet < 0x20 || octet > 0x7e) return `\\x${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  const character = String.fromCharCode(octet);
  return character === "/" || character === "+" ? `\\${character}` : character;
}

function octetsOf({ value, der }: Attribute): Buffer {
  if (der === undefined) return Buffer.from(value ?? "");
  const { tag, content, encoded } = readElement(Buffer.from(der, "hex"));
  // OpenSSL keeps a SEQUENCE with its tag and length. The first octet of a BIT STRING counts its unused bits.
  if (tag === tags.sequence) return encoded;
  return tag === 0x03 ? content.subarray(1) : content;
}

/**
 * Why a subject cannot be written in the slash form without a reader taking it for another one; `undefined` when it can.
 *
 * A value that holds `/` or `=` forges an attribute (`OU=x/CN=Grace Hopper` reads as Grace Hopper in every backend that
 * splits at slashes), `+` and `,` forge one in backends that split there, `\`, controls and non-ASCII octets make the
 * escapes ambiguous, and without exactly one CN the reader has to choose.
 */
export function legacyAmbiguity(subject: DistinguishedName): string | undefined {
  if (subject.some((rdn) => rdn.length > 1)) return "two of its values stand in one RDN, joined by +";
  for (const attribute of subject.flat()) {
    const shortName = attributeTypes.shortNameOf(attribute.type) ?? attribute.type;
    if (attribute.value === undefined) return `its ${shortName} is no text`;
    // HTTP trims the end of a field's value, and careless readers trim the parts: "Grace Hopper " would become her.
    if (/^ | $/.test(attribute.value)) return `its ${shortName} begins or ends with a space`;
    const octet = octetsOf(attribute).find(
      (byte) => byte < 0x20 || byte > 0x7e || "/=+,\\".includes(String.fromCharCode(byte)),
    );
    if (octet !== undefined) {
      return `its ${shortName} holds ${nameOctet(octet)}`;
    }
  }
  const commonNames = valuesOf(subject, "CN").length;
  return commonNames === 1 ? undefined : `it holds ${commonNames === 0 ? "no CN" : `${commonNames} CNs`}`;
}

/**
 * The subject, if the slash form can carry it.
 * @throws IdentityError `subject-ambiguous` with the reason of {@link legacyAmbiguity}
 */
export function unambiguous(subject: DistinguishedName): DistinguishedName {
  const reason = legacyAmbiguity(subject);
  if (reason === undefined) return subject;
  throw new IdentityError("subject-ambiguous", `The subject cannot be written in the slash form: ${reason}.`);
}

function nameOctet(octet: number): string {
  return octet < 0x20 || octet > 0x7e
    ? `the octet 0x${octet.toString(16).padStart(2, "0")}`
    : `"${String.fromCharCode(octet)}"`;
}

/**
 * Reads the slash form, but only where it can mean one thing alone: no escapes, no `+`, `,` or second `=` in a part.
 * @throws IdentityError `subject-ambiguous` where it could mean two things, `name-malformed` where it means nothing
 */
export function parseLegacyName(text: string): DistinguishedName {
  if (text === "") return [];
  const [before, ...parts] = text.split("/");
  if (before !== "" || parts.length === 0) throw malformed();
  return parts.map((part) => {
    if (/[^\x20-\x7e]|[+,\\]|=.*=/.test(part)) {
      throw new IdentityError("subject-ambiguous", "The slash form of this name can be read in two ways.");
    }
    const [, shortName = "", value = ""] = /^([^=]+)=(.*)$/.exec(part) ?? [];
    const type =
      attributeTypes.oidOf(shortName) ?? (/^\d+(?:\.\d+)+$/.test(shortName) ? shortName : undefined);
    if (type === undefined) throw malformed();
    return [{ type, value, der: undefined }];
  });
}

function malformed(): IdentityError {
  return new IdentityError("name-malformed", "The name is not in the slash form /TYPE=value/TYPE=value.");
}
