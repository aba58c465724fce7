/** Which of two lists of one authority and scope is the newer (RFC 5280 sections 5.2.3 and 6.3.3). */
import type { LoadedList } from "./load-lists.ts";

export type Age = Pick<LoadedList, "number" | "thisUpdate">;

/** Below zero when `a` is the older one. By cRLNumber where both have one, then by thisUpdate. */
export function compareAge(a: Age, b: Age): number {
  if (a.number !== undefined && b.number !== undefined && a.number !== b.number)
    return a.number < b.number ? -1 : 1;
  return a.thisUpdate - b.thisUpdate;
}

/**
 * Why `next` must not take the place of `held`; behind the name of its file. An old list with a good signature is how
 * somebody who was revoked gets in again.
 */
export function whyNotReplace(held: LoadedList, next: LoadedList, now: number): string | undefined {
  if (compareAge(next, held) < 0)
    return `is older than the list that is held (${printAge(next)}, held: ${printAge(held)})`;
  if (next.nextUpdate <= now && held.nextUpdate > now)
    return `ended ${new Date(next.nextUpdate).toISOString()}, while the list that is held has not`;
  return undefined;
}

function printAge({ number, thisUpdate }: Age): string {
  return `${number === undefined ? "" : `number ${number} `}of ${new Date(thisUpdate).toISOString()}`;
}

/** Whether everything that was answered by `held` is what `next` answers, for as long. */
export function saysTheSame(held: LoadedList, next: LoadedList, now: number, staleAfter: number): boolean {
  const { entriesDigest, nextUpdate } = held;
  return (
    next.entriesDigest === entriesDigest && next.nextUpdate >= nextUpdate && now < nextUpdate + staleAfter
  );
}
