/** The references in a style: `url(...)`, and what `@import` names (CSS Syntax, sections 4.3.4 to 4.3.6). */
import type { Place } from "../mapping.ts";
import { mapReference, type Base } from "../reference.ts";
import type { Edit } from "../text/edit.ts";
import { editsWritten, viewThrough } from "../text/view.ts";
import { escapeInDoubt } from "./units.ts";

const space = "[\\t\\n\\f\\r ]*";
/** A string up to its quote or the end of its line, which ends it as well. */
const double = quoted('"');
const single = quoted("'");
const bare = runOf("\"'()\\\\\\t\\n\\f\\r ");
/** Comments, words and strings are passed over whole: what looks like one of ours in there is none. */
const token = new RegExp(
  `/\\*[^]*?(?:\\*/|$)|(?:url\\(${space}|@import${space}(?=["']))(?:${double}|${single}|${bare})|[\\w\\x80-\\uffff-]+|${double}|${single}`,
  "gid",
);
const escape = /\\(?:([0-9a-f]{1,6})(?:\r\n|[\t\n\f\r ])?|\r\n|[\n\r\f]|([^]))/gi;

export function mapStyle(value: string, place: Place, base: Base = "here"): readonly Edit[] {
  const edits: Edit[] = [];
  if (escapeInDoubt.test(value)) return edits;
  token.lastIndex = 0;
  for (let match = token.exec(value); match !== null; match = token.exec(value)) {
    const [from] = match.indices?.[1] ?? match.indices?.[2] ?? match.indices?.[3] ?? [];
    if (from === undefined) continue;
    const view = viewThrough(match[1] ?? match[2] ?? match[3] ?? "", escape, ([, code, character]) =>
      code === undefined ? (character ?? "") : asCharacter(parseInt(code, 16)),
    );
    edits.push(...editsWritten(mapReference(view.text, place, base), view, from));
  }
  return edits;
}

function asCharacter(code: number): string {
  return code > 0 && code < 0x80 ? String.fromCharCode(code) : "\ufffd";
}

function quoted(quote: string): string {
  return `${quote}${runOf(`${quote}\\\\\\n\\r\\f`)}${quote}?`;
}

/** Characters but these, and escapes. */
function runOf(but: string): string {
  return `([^${but}]*(?:\\\\(?:[0-9a-f]{1,6}[\\t\\n\\f\\r ]?|[^])[^${but}]*)*)`;
}
