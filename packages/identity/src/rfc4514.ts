/** Distinguished names as text: RFC 4514 (and its elder, RFC 2253), most specific RDN first. */
import { attributeTypes } from "./attribute-types.ts";
import { decodeCharacterString } from "./character-string.ts";
import { readElement } from "./der.ts";
import type { Attribute, DistinguishedName, RelativeDistinguishedName } from "./distinguished-name.ts";
import { IdentityError } from "./identity-error.ts";

/**
 * Prints a name in pure ASCII: `CN=Grace Hopper,ST=Virginia,C=US`.
 *
 * Byte for byte what `openssl x509 -subject -nameopt RFC2253` prints, with one exception: a value that is the single
 * character `#` is escaped here as RFC 4514 section 2.4 asks (OpenSSL prints it bare, and a reader takes it for hex).
 * Everything outside 0x20..0x7E becomes `\XX`, so the text is safe in any header, log and terminal.
 */
export function printRfc4514(name: DistinguishedName): string {
  return name.toReversed().map(printRdn).join(",");
}

function printRdn(rdn: RelativeDistinguishedName): string {
  return rdn.toReversed().map(printAttribute).join("+");
}

function printAttribute({ type, value, der }: Attribute): string {
  const shortName = attributeTypes.shortNameOf(type);
  // A type nobody knows keeps its DER: the reader could not tell the string type it was encoded in.
  const asHex = der !== undefined && (shortName === undefined || value === undefined);
  return `${shortName ?? type}=${asHex ? `#${der}` : escapeValue(value ?? "")}`;
}

function escapeValue(value: string): string {
  let text = value.replace(/[",+;<>\\]/g, "\\$&").replace(/^[ #]/, "\\$&");
  if (value.length > 1 && value.endsWith(" ")) text = `${text.slice(0, -1)}\\ `;
  return text.replace(/[^\x20-\x7e]+/g, (run) =>
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
