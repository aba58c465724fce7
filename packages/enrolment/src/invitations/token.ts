/** One-time tokens: what a link or a script holds, and the only form in which it is kept. */
import { hash, randomBytes } from "node:crypto";

/** Crockford's base 32 in lower case: no i, l, o or u, and nothing that a URL or a shell would change. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

function randomText(length: number): string {
  return Array.from(randomBytes(length), (octet) => alphabet.charAt(octet & 31)).join("");
}

/** 160 random bits, which nobody guesses however often they ask. */
export function newToken(): string {
  return randomText(32);
}

/** A number by which people speak of an invitation; it opens nothing. */
export function newNumber(): string {
  return randomText(8).toUpperCase();
}

/** @returns `undefined` for what cannot be a token: it is not even looked for */
export function hashOfToken(given: unknown): string | undefined {
  if (typeof given !== "string" || !/^[0-9a-hjkmnp-tv-z]{32}$/.test(given)) return undefined;
  return hash("sha256", given, "hex");
}
