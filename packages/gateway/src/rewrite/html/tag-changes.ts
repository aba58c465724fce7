/** The references in a tag, brought under the prefix where they stand. */
import type { Place } from "../mapping.ts";
import type { Base } from "../reference.ts";
import { editsWritten } from "../text/view.ts";
import { decodeEntities } from "./entities.ts";
import { couldHold, mapOf } from "./link-attributes.ts";
import type { Says } from "./open-elements.ts";
import type { TagReader } from "./tag.ts";
import type { Window } from "./window.ts";

/** The values of a tag's attributes, as they are meant: of two with one name the first counts. */
export function sayingsOf(tag: TagReader, window: Window): Says {
  return (wanted) => {
    const found = tag.attributes.find(
      ({ name, nameEnd }) => window.text(name, nameEnd).toLowerCase() === wanted,
    );
    return found && decodeEntities(window.text(found.value, found.valueEnd)).text;
  };
}

/** Changes the tag in the window. A second attribute with the name of a first one is nobody's. */
export function changesOf(tag: TagReader, says: Says, window: Window, place: Place, base: Base): void {
  let done: string[] | undefined;
  for (const { name, nameEnd, value, valueEnd } of tag.attributes) {
    if (!couldHold(window.at(name), nameEnd - name)) continue;
    const attribute = window.text(name, nameEnd).toLowerCase();
    const map = mapOf(tag.name, attribute, says);
    if (map === undefined || done?.includes(attribute)) continue;
    (done ??= []).push(attribute);
    if (valueEnd === value) continue;
    const view = decodeEntities(window.text(value, valueEnd));
    // A page's own base is relative to where the page stands, whatever it says itself.
    const edits = map(view.text, place, tag.name === "base" ? "here" : base);
    if (edits.length > 0) window.change(editsWritten(edits, view, 0), value);
  }
}
