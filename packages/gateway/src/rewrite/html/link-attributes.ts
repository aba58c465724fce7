/** Which attributes hold references, and how they are written in there. */
import type { Place } from "../mapping.ts";
import { mapReference, type Base } from "../reference.ts";
import { mapRefresh } from "../refresh.ts";
import type { Edit } from "../text/edit.ts";
import { asLower } from "./characters.ts";
import { mapStyle } from "./css.ts";
import { mapSrcset } from "./srcset.ts";

export type Map = (value: string, place: Place, base: Base) => readonly Edit[];

/** On any element: names that mean nothing else wherever they stand. */
const anywhere = [
  "href", "xlink:href", "src", "action", "formaction", "poster", "background", "cite", "longdesc", "manifest", "usemap", "profile",
]; // prettier-ignore

/** On these elements alone. */
const onElements: Readonly<Record<string, readonly string[]>> = {
  data: ["object"],
  codebase: ["object", "applet"],
  classid: ["object"],
};

const maps = new Map<string, Map>([
  ...[...anywhere, ...Object.keys(onElements)].map((name): [string, Map] => [name, mapReference]),
  ...["srcset", "imagesrcset"].map((name): [string, Map] => [name, mapSrcset]),
  ["style", mapStyle],
  ["ping", mapPings],
  ["content", mapRefresh],
]);

const lettersAndLengths = new Set([...maps.keys()].map((name) => fold(name.charCodeAt(0), name.length)));

function fold(first: number, length: number): number {
  return length * 256 + asLower(first);
}

/** Whether such a name could be one of them: a look that spares most names being read. */
export function couldHold(first: number, length: number): boolean {
  return lettersAndLengths.has(fold(first, length));
}

/**
 * @param says the value of another attribute of the same tag: `content` is a reference only beside `http-equiv=refresh`
 */
export function mapOf(
  element: string,
  attribute: string,
  says: (attribute: string) => string | undefined,
): Map | undefined {
  if (attribute === "content" && (element !== "meta" || says("http-equiv")?.toLowerCase() !== "refresh"))
    return undefined;
  if (onElements[attribute]?.includes(element) === false) return undefined;
  return maps.get(attribute);
}

/** References between spaces. */
function mapPings(value: string, place: Place, base: Base): readonly Edit[] {
  return [...value.matchAll(/[^\t\n\f\r ]+/g)].flatMap(({ 0: reference, index }) =>
    mapReference(reference, place, base).map(({ from, to, text }) => ({
      from: index + from,
      to: index + to,
      text,
    })),
  );
}
