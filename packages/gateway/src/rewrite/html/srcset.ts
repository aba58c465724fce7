/** The candidates of a srcset (HTML section 4.8.4.2.3). */
import type { Place } from "../mapping.ts";
import { mapReference, type Base } from "../reference.ts";
import type { Edit } from "../text/edit.ts";

const space = "\\t\\n\\f\\r ";
/** Commas and spaces, a URL, and what describes it unless the URL ended with a comma. */
const candidate = new RegExp(`[${space},]*([^${space}]+)`, "y");
/** Up to the next comma that is in no parentheses. */
const descriptors = /[^,(]*(?:\([^)]*\)?[^,(]*)*/y;

export function mapSrcset(value: string, place: Place, base: Base = "here"): readonly Edit[] {
  const edits: Edit[] = [];
  for (let at = 0; at < value.length;) {
    candidate.lastIndex = at;
    const found = candidate.exec(value);
    if (found === null) break;
    const [, url = ""] = found;
    at = candidate.lastIndex;
    const start = at - url.length;
    const reference = withoutCommas(url);
    for (const { from, to, text } of mapReference(reference, place, base))
      edits.push({ from: start + from, to: start + to, text });
    if (reference.length < url.length) continue;
    descriptors.lastIndex = at;
    descriptors.exec(value);
    at = descriptors.lastIndex;
  }
  return edits;
}

/** Without the commas that it ends with. A pattern for them would begin anew at each comma before the end. */
function withoutCommas(url: string): string {
  let end = url.length;
  while (url[end - 1] === ",") end -= 1;
  return url.slice(0, end);
}
