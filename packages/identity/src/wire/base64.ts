/** Base64 (RFC 4648 section 4), read strictly: one text for each sequence of octets, as two readers must not differ. */
import { IdentityError } from "../identity-error.ts";

/**
 * @returns the octets, at least one
 * @throws IdentityError `certificate-malformed` on line breaks, missing padding, stray bits, the URL alphabet, anything else
 */
export function decodeBase64(text: string): Buffer {
  const octets = Buffer.from(text, "base64");
  if (octets.length === 0 || octets.toString("base64") !== text) {
    throw new IdentityError("certificate-malformed", "The value is not base64.");
  }
  return octets;
}
