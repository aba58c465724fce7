/** All the headers of a dialect at once, each of them there once at most. */
import type { HeaderLine } from "../dialects/dialect.ts";
import { onlyValue } from "./header-lines.ts";

/**
 * @param names what each header is called here -> its name on the wire
 * @returns the values by what they are called here; `undefined` for a header that is not there
 *   or holds nothing: that is how several of these systems leave a variable out
 * @throws IdentityError `subject-repeated`
 */
export function onlyValues<Key extends string>(
  lines: readonly HeaderLine[],
  names: Readonly<Record<Key, string>>,
): Record<Key, string | undefined> {
  const values = Object.entries<string>(names).map(([key, name]) => {
    const value = onlyValue(lines, name);
    return [key, value === "" ? undefined : value];
  });
  return Object.fromEntries(values) as Record<Key, string | undefined>;
}
