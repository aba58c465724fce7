/** Text that is kept for longer than the request which it was found in. */

/**
 * V8 makes of a piece of a text, and of texts that are joined, a note of where they come from: kept, a name of twenty octets keeps
 * the whole head that it was cut out of.
 * @param text octets as Latin-1
 */
export function ownCopy(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
