/** From behind `<!--` to behind whatever browsers take for its end (HTML section 13.2.5.43 and following). */
import { BANG, DASH, GREATER } from "./characters.ts";
import type { Reader } from "./reader.ts";

/** `-->`, `--!>`, and right at the beginning `>` or `->`. */
export function commentReader(): Reader {
  let dashes = 0;
  /** Nothing but dashes so far. */
  let opening = true;
  /** Behind `--!`. */
  let bang = false;
  return {
    read(units, from) {
      for (let at = from; at < units.length; at += 1) {
        const unit = units[at] ?? 0;
        if (unit === GREATER && (opening || bang || dashes >= 2)) return at + 1;
        bang = unit === BANG && dashes >= 2;
        dashes = unit === DASH ? dashes + 1 : 0;
        opening &&= unit === DASH;
      }
      return -1;
    },
  };
}
