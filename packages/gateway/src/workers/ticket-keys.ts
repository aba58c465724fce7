/** What session tickets are sealed with, so that a session made at one worker resumes at the others. */
import { createHash, hkdfSync, randomBytes } from "node:crypto";

/** Milliseconds: whoever learns a secret can read what was said in sessions of these hours, and no others. */
export const ticketsChangeEvery = 12 * 3_600_000;

export function newSecret(): Buffer {
  return randomBytes(48);
}

/** Which of those hours an instant is in, by the clock on the wall: gateways on several machines need not ask each other. */
export function periodAt(now: number): number {
  return Math.floor(now / ticketsChangeEvery);
}

/** The secret of one period, by which those of others are not to be found. */
export function secretOfPeriod(secret: Buffer, period: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `session tickets, period ${period}`, 48));
}

/**
 * The keys of one listener, as Node takes them.
 *
 * Workers that have read different things get different keys, so that in the middle of a reload nobody resumes here a
 * session that was made under what the other still believes; and so do two listeners, which ask for different things.
 * @param read all that the worker runs on
 */
export function ticketKeysOf(secret: Buffer, read: string, listener: number): Buffer {
  const digest = createHash("sha256").update(read).digest("hex");
  return Buffer.from(hkdfSync("sha256", secret, "", `listener ${listener} ${digest}`, 48));
}
