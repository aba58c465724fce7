import { comparableText } from "@sallyport/identity";
import { isShort, normalForm } from "./normal-form.ts";

/**
 * What two texts have in common when people would call them the same: case, the width of white space, Unicode's forms
 * and invisible characters make no difference (the rules of names in certificates, RFC 4518). Unique columns hold it, so
 * that both engines compare octets and nobody's collation.
 * @returns `""` for a text of which nothing can be seen
 */
export function foldKey(text: string): string {
  // Characters that this Unicode does not know have no rule. Such a text is the same as itself; and so is a long one.
  return (isShort(text) ? comparableText(text) : undefined) ?? `\u0001${normalForm(text, "NFC").trim()}`;
}
