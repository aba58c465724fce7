/** Link (RFC 8288): each target, and what it is about. */
import type { Place } from "./mapping.ts";
import { mapReference } from "./reference.ts";
import { mapSrcset } from "./html/srcset.ts";
import { applyEdits } from "./text/edit.ts";

/** A target; the two parameters that hold references; any other quoted string, in which neither can begin. */
const part = /(<)([^<>]*)>|(;[\t ]*anchor[\t ]*=[\t ]*"?)([^"\\;,]*)|(;[\t ]*imagesrcset[\t ]*=[\t ]*")([^"\\]*)|"(?:[^"\\]|\\.)*"?/gi; // prettier-ignore

export function rewriteLink(value: string, place: Place): string {
  return value.replace(part, (whole: string, ...found: (string | undefined)[]) => {
    const [open, target, anchor, about, images, candidates] = found;
    if (open !== undefined) return `<${mapped(target)}>`;
    if (anchor !== undefined) return anchor + mapped(about);
    return images === undefined
      ? whole
      : images + applyEdits(candidates ?? "", mapSrcset(candidates ?? "", place));
  });

  function mapped(reference = ""): string {
    return applyEdits(reference, mapReference(reference, place));
  }
}
