/** The addresses in an import map (HTML section 8.1.6.2): keys and values alike are references, or bare words. */
import type { Place } from "../mapping.ts";
import { mapReference, type Base } from "../reference.ts";
import type { Edit } from "../text/edit.ts";
import { editsWritten, viewThrough } from "../text/view.ts";
import { escapeInDoubt } from "./units.ts";

const escape = /\\(?:u([0-9a-fA-F]{4})|([^]))/g;
const meanings: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** @param json the script's text; what is no JSON is left alone */
export function mapImportMap(json: string, place: Place, base: Base = "here"): readonly Edit[] {
  if (escapeInDoubt.test(json)) return [];
  try {
    JSON.parse(json);
  } catch {
    return [];
  }
  return [...json.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)"/g)].flatMap(({ index, 1: written = "" }) => {
    const view = viewThrough(written, escape, ([, code, character = ""]) =>
      code === undefined ? (meanings[character] ?? character) : String.fromCharCode(parseInt(code, 16)),
    );
    return editsWritten(mapReference(view.text, place, base), view, index + 1);
  });
}
