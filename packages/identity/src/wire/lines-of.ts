/** Header lines of what a dialect could say, without what it cannot or was not asked to. */
import type { HeaderLine } from "../dialects/dialect.ts";

/**
 * @param values `undefined` or empty where there is nothing to say
 * @param wanted the names that a route asked for; `undefined`: all of them
 */
export function linesOf(
  values: readonly (readonly [name: string, value: string | undefined])[],
  wanted?: readonly string[],
): HeaderLine[] {
  return values.filter((line): line is HeaderLine => Boolean(line[1]) && (wanted?.includes(line[0]) ?? true));
}
