import { createHmac } from "node:crypto";

/** Crockford's base 32 in lower case: nothing in it is misread. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * The password of a person's `.p12`, 100 bits: the same however often they open their link, and kept nowhere. It takes
 * the link, which only they have, and the salt, which only the records have.
 */
export function filePassword(salt: string, token: string): string {
  const octets = createHmac("sha256", salt).update(token).digest().subarray(0, 20);
  const text = Array.from(octets, (octet) => alphabet.charAt(octet & 31)).join("");
  return text.replace(/.{5}(?=.)/g, "$&-");
}
