/** Incident ids: short enough to be read out over the phone, the same in page, problem+json and log line. */
import { randomBytes } from "node:crypto";

/** Crockford's base 32: no I, L, O or U, so that nothing is misheard or misread. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Eight characters, 40 random bits. */
export function newIncident(): string {
  return Array.from(randomBytes(8), (byte) => alphabet[byte & 31]).join("");
}
