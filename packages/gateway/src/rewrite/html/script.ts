/** Script data with its escaped and double escaped states (HTML sections 13.2.5.4 and 13.2.5.15 to 31). */
import { DASH, GREATER, LESS, asLower, endsName } from "./characters.ts";
import type { Reader } from "./reader.ts";

/**
 * Up to behind the name in the end tag. A `<!--` in a script makes a `<script>` behind it hide the next `</script>`, until
 * `-->`: 0 is script data, 1 escaped, 2 double escaped.
 */
export function scriptReader(): Reader {
  let level: 0 | 1 | 2 = 0;
  let dashes = 0;
  /** What has come since `<`, as long as it could become one of the words. */
  let word: string | undefined;

  /** @returns whether the script ends here */
  const isEnd = (unit: number): boolean => {
    if (endsName(unit) && (word === "/script" || (word === "script" && level === 1))) {
      if (word === "/script" && level < 2) return true;
      level = word === "script" ? 2 : 1;
      word = undefined;
    } else if (word !== undefined) {
      const longer = word + String.fromCharCode(asLower(unit));
      const words = level === 0 ? ["/script", "!--"] : level === 1 ? ["/script", "script"] : ["/script"];
      word = words.some((wanted) => wanted.startsWith(longer)) ? longer : undefined;
    }
    return false;
  };

  return {
    read(units, from) {
      for (let at = from; at < units.length; at += 1) {
        if (word === undefined && level === 0) {
          at = units.indexOf(LESS, at);
          if (at < 0) return -1;
        }
        const unit = units[at] ?? 0;
        if (isEnd(unit)) return at;
        if (unit === LESS) word = "";
        if (word === "!--") {
          word = undefined;
          level = 1;
          dashes = 2;
        } else {
          if (unit === GREATER && dashes >= 2) level = 0;
          dashes = unit === DASH ? dashes + 1 : 0;
        }
      }
      return -1;
    },
  };
}
