/** Headers whose value is one reference: Location and Content-Location (RFC 9110 sections 10.2.2 and 8.7), and others. */
import type { Place } from "./mapping.ts";
import { mapReference } from "./reference.ts";
import { applyEdits } from "./text/edit.ts";

export function rewriteLocation(value: string, place: Place): string {
  return applyEdits(value, mapReference(value, place));
}
