/** `500ms`, `90s`, `30m`, `24h`, `7d` -> milliseconds. */
import { z } from "zod";

const units = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

const words = "must be a number with its unit, such as 500ms, 90s, 30m, 24h or 7d";

export const duration = z
  .string({ error: words })
  .regex(/^\d{1,6}(?:ms|[smhd])$/, { error: words, abort: true })
  .transform((text) => parseInt(text, 10) * (units.get(text.replace(/\d+/, "")) ?? 0));

/** Node's timers end a longer one at once. */
const longest = 2_147_483_647;

/** A time to wait, given to a timer. */
export const timeout = duration.refine(
  (milliseconds) => milliseconds > 0 && milliseconds <= longest,
  "must be more than nothing, and 24 days at most",
);
