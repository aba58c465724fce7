/**
 * UTCTime and GeneralizedTime as certificates have them (RFC 5280 section 4.1.2.5): to the second, in GMT, nothing else.
 *
 * Our own, because Node makes a Date of memory that OpenSSL left untouched when a time cannot be read: a certificate of
 * the 30th of February then ends at random, or never.
 */
import type { Element } from "./der.ts";

const utcTime = 0x17;
const generalizedTime = 0x18;

/** @returns milliseconds since the epoch. @throws Error */
export function readTime({ tag, content }: Element): number {
  const text = content.toString("latin1");
  if (tag === generalizedTime && /^\d{14}Z$/.test(text)) return instantOf(text);
  // Two digits stand for 1950 to 2049.
  if (tag === utcTime && /^\d{12}Z$/.test(text))
    return instantOf(`${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}`);
  throw new Error("no time of RFC 5280");
}

/** @param text YYYYMMDDHHMMSSZ */
function instantOf(text: string): number {
  const iso = text.replace(/^(....)(..)(..)(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6.000Z");
  const instant = Date.parse(iso);
  // Date.parse carries a 30th of February over into March: only what prints as it was read is a date.
  if (Number.isNaN(instant) || new Date(instant).toISOString() !== iso)
    throw new Error("a date that there is not");
  return instant;
}
