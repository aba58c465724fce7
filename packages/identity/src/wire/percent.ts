/** Percent-encoding (RFC 3986 section 2.1) over UTF-8, strict in both directions. Systems differ in what they leave literal. */
import { IdentityError } from "../identity-error.ts";

/**
 * @param text well-formed Unicode
 * @param safe matches a single character that is left as it is: `/[A-Za-z0-9._~-]/`. It must match neither `%` nor
 *   anything outside printable ASCII.
 * @returns printable ASCII, upper-case hex digits
 */
export function percentEncode(text: string, safe: RegExp): string {
  let encoded = "";
  for (const octet of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(octet);
    const literal = octet < 0x80 && safe.test(character);
    encoded += literal ? character : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/**
 * The reverse, whatever was left literal. `+` is a plus sign: nothing here is a form.
 * @throws IdentityError `name-malformed` on a `%` without two hex digits, on characters outside printable ASCII, and on
 *   octets that are not UTF-8
 */
export function percentDecode(text: string): string {
  if (/[^\x20-\x7e]|%(?![0-9A-Fa-f]{2})/.test(text)) throw malformed();
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed();
  }
}

function malformed(): IdentityError {
  return new IdentityError("name-malformed", "The value is not percent-encoded UTF-8.");
}
