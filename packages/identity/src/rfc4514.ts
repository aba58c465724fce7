/** Distinguished names as text: RFC 4514 (and its elder, RFC 2253), most specific RDN first. */
import { attributeTypes } from "./attribute-types.ts";
import { decodeCharacterString } from "./character-string.ts";
import { readElement } from "./der.ts";
import type { Attribute, DistinguishedName, RelativeDistinguishedName } from "./distinguished-name.ts";
import { IdentityError } from "./identity-error.ts";

/**
 * Prints a name in pure ASCII: `CN=Grace Hopper,ST=Virginia,C=US`.
 *
 * Byte for byte what `openssl x509 -subject -nameopt RFC2253` prints, except where that would be read as another name:
 * - A value that is the single character `#` is escaped, as RFC 4514 section 2.4 asks; bare, it begins a value in hex.
 * - Short names are those of {@link attributeTypes}: `uid` is nobody but the user, and types that have no place in a name
 *   (OpenSSL prints `RSA-SHA256=x`) are printed as OIDs, which are never cut off (OpenSSL's are, behind 79 characters).
 * - A BIT STRING is printed as it is encoded, bits that are not used included.
 *
 * Everything outside 0x20..0x7E becomes `\XX`, so the text is safe in any header, log and terminal.
 */
export function printRfc4514(name: DistinguishedName): string {
  return print(name, /[^\x20-\x7e]+/g);
}

/**
 * Prints a name as RFC 2253 text that keeps what is not ASCII: `CN=Amélie Poulain,C=FR`.
 *
 * Encoded in UTF-8, it is byte for byte what `openssl x509 -subject -nameopt RFC2253,-esc_msb` and mod_ssl print, with the
 * exceptions of {@link printRfc4514}. Control characters of ASCII become `\XX`; every other character stands for
 * itself, direction overrides and line separators too: safe in a header, not in a terminal.
 * @returns characters, not octets: whoever writes them into a header encodes them first
 */
export function printRfc2253(name: DistinguishedName): string {
  return print(name, /[\0-\x1f\x7f]+/g);
}

/** @param unprintable runs of the characters that are written as `\XX` */
function print(name: DistinguishedName, unprintable: RegExp): string {
  const printRdn = (rdn: RelativeDistinguishedName) =>
    rdn
      .toReversed()
      .map((attribute) => printAttribute(attribute, unprintable))
      .join("+");
  return name.toReversed().map(printRdn).join(",");
}

function printAttribute({ type, value, der }: Attribute, unprintable: RegExp): string {
  const shortName = attributeTypes.shortNameOf(type);
  // A type nobody knows keeps its DER: the reader could not tell the string type it was encoded in.
  const asHex = der !== undefined && (shortName === undefined || value === undefined);
  return `${shortName ?? type}=${asHex ? `#${der}` : escapeValue(value ?? "", unprintable)}`;
}

function escapeValue(value: string, unprintable: RegExp): string {
  let text = value.replace(/[",+;<>\\]/g, "\\$&").replace(/^[ #]/, "\\$&");
  if (value.length > 1 && value.endsWith(" ")) text = `${text.slice(0, -1)}\\ `;
  return text.replace(unprintable, (run) =>
    Array.from(Buffer.from(run), (byte) => `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}

/**
 * Reads a name by RFC 4514: escapes (`\,` and `\C3\A9`), `#hex`, multi-valued RDNs, and what RFC 2253 section 4 still
 * allowed (`;` between RDNs, spaces around separators, `"quoted values"`). Nothing is guessed and nothing is skipped.
 * @throws IdentityError `name-malformed` on any text that is not exactly one name
 */
export function parseRfc4514(text: string): DistinguishedName {
  const reader = { text, at: 0 };
  // Half a character would be written as another one: every such half becomes U+FFFD in UTF-8.
  if (!text.isWellFormed()) malformed(reader);
  if (/^ *$/.test(text)) return [];
  const rdns: Attribute[][] = [[]];
  for (;;) {
    rdns.at(-1)?.push(parseAttribute(reader));
    const separator = reader.text[reader.at++];
    if (separator === undefined) return rdns.toReversed().map((rdn) => rdn.toReversed());
    if (separator !== "+") rdns.push([]);
  }
}

type Reader = { readonly text: string; at: number };

const typePattern = / *(?:(?:OID\.)?((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+)|([A-Za-z][A-Za-z0-9-]*)) *= */iy;
const hexPattern = /#((?:[0-9A-Fa-f]{2})+) *(?=[,;+]|$)/y;
const quotedPattern = /"((?:[^"\\]|\\[\s\S])*)" *(?=[,;+]|$)/y;
// Spaces at the end belong to the separator, unless escaped. Written so that no text makes it backtrack far.
const stringPattern = /((?:\\[\s\S]|[^ ,;+"<>\\\0]| +(?=[^ ,;+]))*) *(?=[,;+]|$)/y;

function parseAttribute(reader: Reader): Attribute {
  const [, oid, shortName = ""] = take(reader, typePattern) ?? malformed(reader);
  const type = oid ?? attributeTypes.oidOf(shortName) ?? malformed(reader);
  const hex = take(reader, hexPattern)?.[1];
  if (hex !== undefined) {
    return { type, value: textOf(hex, reader), der: hex.toUpperCase() };
  }
  if (reader.text[reader.at] === "#") malformed(reader);
  const escaped = (take(reader, quotedPattern) ?? take(reader, stringPattern))?.[1] ?? malformed(reader);
  return { type, value: unescapeValue(escaped, reader), der: undefined };
}

/** The text of a `#hex` value, which must be one DER element; `undefined` when that is not a character string. */
function textOf(hex: string, reader: Reader): string | undefined {
  try {
    return decodeCharacterString(readElement(Buffer.from(hex, "hex")));
  } catch {
    return malformed(reader);
  }
}

function take(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text);
  if (match) reader.at = pattern.lastIndex;
  return match ?? undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function unescapeValue(escaped: string, reader: Reader): string {
  if (!escaped.includes("\\")) return escaped;
  // A run of \XX pairs is decoded as a whole: one character may be several pairs (RFC 4514 section 2.4).
  return escaped.replace(/(?:\\[0-9A-Fa-f]{2})+|\\([\s\S]?)/g, (run, special: string | undefined) => {
    if (special !== undefined)
      return ' "#+,;<=>\\'.includes(special) && special !== "" ? special : malformed(reader);
    try {
      return utf8.decode(Buffer.from(run.replaceAll("\\", ""), "hex"));
    } catch {
      return malformed(reader);
    }
  });
}

function malformed(reader: Reader): never {
  throw new IdentityError("name-malformed", `The name is not RFC 4514 text near character ${reader.at + 1}.`);
}
