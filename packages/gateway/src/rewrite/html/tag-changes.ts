/** The references in a tag, brought under the prefix where they stand. */
import type { Place } from "../mapping.ts";
import type { Base } from "../reference.ts";
import { editsWritten } from "../text/view.ts";
import { decodeEntities } from "./entities.ts";
import { couldHold, mapOf } from "./link-attributes.ts";
import type { Says } from "./open-elements.ts";
import { NAME, NAME_END, STRIDE, VALUE, VALUE_END, type TagReader } from "./tag.ts";
import type { Window } from "./window.ts";

/** The values of a tag's attributes, as they are meant: of two with one name the first counts. */
export function sayingsOf(tag: TagReader, window: Window): Says {
  const { attributes } = tag;
  return (wanted) => {
    for (let at = 0; at < tag.length; at += STRIDE) {
      if (window.name(attributes[at + NAME] ?? 0, attributes[at + NAME_END] ?? 0) !== wanted) continue;
      return decodeEntities(window.text(attributes[at + VALUE] ?? 0, attributes[at + VALUE_END] ?? 0)).text;
    }
    return undefined;
  };
}

/** Changes the tag in the window. A second attribute with the name of a first one is nobody's. */
export function changesOf(tag: TagReader, says: Says, window: Window, place: Place, base: Base): void {
  const { attributes } = tag;
  let done: string[] | undefined;
  for (let at = 0; at < tag.length; at += STRIDE) {
    const name = attributes[at + NAME] ?? 0;
    const nameEnd = attributes[at + NAME_END] ?? 0;
    if (!couldHold(window.at(name), nameEnd - name)) continue;
    const attribute = window.name(name, nameEnd);
    const map = mapOf(tag.name, attribute, says);
    if (map === undefined || done?.includes(attribute)) continue;
    (done ??= []).push(attribute);
    const value = attributes[at + VALUE] ?? 0;
    const valueEnd = attributes[at + VALUE_END] ?? 0;
    if (valueEnd === value) continue;
    const view = decodeEntities(window.text(value, valueEnd));
    // A page's own base is relative to where the page stands, whatever it says itself.
    const edits = map(view.text, place, tag.name === "base" ? "here" : base);
    if (edits.length > 0) window.change(editsWritten(edits, view, 0), value);
  }
}
