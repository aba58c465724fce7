/** What a person can read out over the phone, and what the log says beside the reason. */
import { randomBytes } from "node:crypto";

/** Crockford's base 32: no I, L, O or U, so that nothing is misheard or misread. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Eight characters, 40 random bits. */
export function newIncident(): string {
  return Array.from(randomBytes(8), (octet) => alphabet[octet % 32]).join("");
}
