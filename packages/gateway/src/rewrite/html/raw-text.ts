/** Text in which nothing is markup but the end tag of its element: RCDATA and RAWTEXT (HTML sections 13.2.5.2 and 3). */
import { LESS, asLower, endsName } from "./characters.ts";
import type { Reader } from "./reader.ts";

/** Up to behind the name in the end tag: its attributes are still to be read. */
export function rawTextReader(name: string): Reader {
  const wanted = `/${name}`;
  /** So much of it has been seen behind `<`; -1 without any `<`. */
  let matched = -1;
  return {
    read(units, from) {
      for (let at = from; at < units.length; at += 1) {
        const unit = units[at] ?? 0;
        if (matched === wanted.length && endsName(unit)) return at;
        if (matched >= 0 && asLower(unit) === wanted.charCodeAt(matched)) matched += 1;
        else if (unit === LESS) matched = 0;
        else {
          matched = -1;
          const next = units.indexOf(LESS, at);
          if (next < 0) return -1;
          at = next - 1;
        }
      }
      return -1;
    },
  };
}
