import type { IndexEntry } from "./index-entry.ts";
import { spokenDate } from "./spoken-date.ts";

const day = 24 * 60 * 60 * 1000;

/** `ends in 500 days`, `ends within a day`, `ended on 3 March 2026`, `revoked on 3 March 2026 (keyCompromise)`. */
export function standingOf(
  { notAfter, revoked }: Pick<IndexEntry, "notAfter" | "revoked">,
  now = new Date(),
): string {
  if (revoked) return `revoked on ${spokenDate(revoked.date)}${revoked.reason ? ` (${revoked.reason})` : ""}`;
  if (notAfter < now) return `ended on ${spokenDate(notAfter)}`;
  const days = Math.ceil((notAfter.getTime() - now.getTime()) / day);
  return days <= 1 ? "ends within a day" : `ends in ${days} days`;
}
