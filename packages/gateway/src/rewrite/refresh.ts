/** Refresh, the header and the `<meta>`: both are read as HTML's shared declarative refresh steps say. */
import type { Place } from "./mapping.ts";
import { mapReference, type Base } from "./reference.ts";
import { applyEdits, type Edit } from "./text/edit.ts";

/** `5; url='/x'`, `5;/x`, `0 /x`: a time, perhaps a separator, perhaps `url=`, perhaps a quote. */
const beforeReference =
  /^[\t\n\f\r ]*(?:\d|(?=\.))[\d.]*(?:[\t\n\f\r ]+[;,]?|[;,])[\t\n\f\r ]*(?:url[\t\n\f\r ]*=[\t\n\f\r ]*)?(["']?)/i;

export function rewriteRefresh(value: string, place: Place): string {
  return applyEdits(value, mapRefresh(value, place));
}

export function mapRefresh(value: string, place: Place, base: Base = "here"): readonly Edit[] {
  const [before, quote = ""] = beforeReference.exec(value) ?? [];
  if (before === undefined) return [];
  const end = quote === "" ? -1 : value.indexOf(quote, before.length);
  const reference = value.slice(before.length, end < 0 ? undefined : end);
  return mapReference(reference, place, base).map(({ from, to, text }) => ({
    from: before.length + from,
    to: before.length + to,
    text,
  }));
}
