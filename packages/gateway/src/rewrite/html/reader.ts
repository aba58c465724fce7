import type { Units } from "./units.ts";

/** Reads one construct of a document from wherever a piece of it begins to wherever it ends. */
export type Reader = {
  /**
   * @param at where to go on; what stands before has been read
   * @returns the index behind the construct, or -1 when the units end first
   */
  readonly read: (units: Units, at: number) => number;
};

/** Everything up to the end: `<plaintext>`. */
export const toTheEnd: Reader = { read: () => -1 };

/** Up to the first of one unit: a bogus comment, and a DOCTYPE, which `>` ends wherever it stands. */
export function upTo(unit: number): Reader {
  return {
    read(units, at) {
      const found = units.indexOf(unit, at);
      return found < 0 ? -1 : found + 1;
    },
  };
}

/** Up to the first of some text, none of which begins within itself but by its first character: `]]>`, `?>`, `-->`. */
export function upToText(text: string): Reader {
  const last = text.charCodeAt(text.length - 1);
  const repeated = text.charCodeAt(0);
  let count = 0;
  return {
    read(units, from) {
      for (let at = from; at < units.length; at += 1) {
        const unit = units[at] ?? 0;
        if (unit === last && count >= text.length - 1) return at + 1;
        count = unit === repeated ? count + 1 : 0;
      }
      return -1;
    },
  };
}
