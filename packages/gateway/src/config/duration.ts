/** `90s`, `30m`, `24h`, `7d` -> milliseconds. */
import { z } from "zod";

const units = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

const words = "must be a number with its unit, such as 90s, 30m, 24h or 7d";

export const duration = z
  .string({ error: words })
  .regex(/^\d{1,6}[smhd]$/, { error: words, abort: true })
  .transform((text) => Number(text.slice(0, -1)) * (units.get(text.slice(-1)) ?? 0));
