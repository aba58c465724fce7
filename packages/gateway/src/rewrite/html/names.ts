/** Names of elements and attributes as text. Nearly all of them are known, and are found without being decoded. */
import { asLower } from "./characters.ts";
import { textOf, type Units } from "./units.ts";

const known = new Map<number, string>();

/** Tells apart whatever is known; what is found is compared, so that nothing else passes for it. */
function step(hash: number, unit: number): number {
  return (Math.imul(hash, 31) + unit) | 0;
}

for (const name of (
  "a abbr address area article aside audio b base blockquote body br button canvas caption cite code col colgroup dd del details dfn div dl " +
  "dt em embed fieldset figcaption figure footer form frame h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li " +
  "link main map mark meta meter nav noscript object ol optgroup option output p param picture pre progress q s samp script section select " +
  "small source span strong style sub summary sup table tbody td template textarea tfoot th thead time title tr track u ul use var video wbr " +
  "svg g path circle rect line polygon polyline defs symbol text tspan href src srcset style action formaction poster content data"
).split(" ")) {
  let hash = 0;
  for (let at = 0; at < name.length; at += 1) hash = step(hash, name.charCodeAt(at));
  known.set(hash, name);
}

/** @returns the name in lower case */
export function lowerName(units: Units, from: number, to: number): string {
  let hash = 0;
  for (let at = from; at < to; at += 1) hash = step(hash, asLower(units[at] ?? 0));
  const name = known.get(hash);
  return name !== undefined && isAt(name, units, from, to) ? name : textOf(units, from, to).toLowerCase();
}

function isAt(name: string, units: Units, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let at = 0; at < name.length; at += 1)
    if (asLower(units[from + at] ?? 0) !== name.charCodeAt(at)) return false;
  return true;
}
