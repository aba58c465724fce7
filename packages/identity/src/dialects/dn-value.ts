/** A distinguished name as a header's value. */
import type { DistinguishedName } from "../distinguished-name.ts";
import { printRfc4514 } from "../rfc4514.ts";
import { keepLastSpace } from "./mod-ssl/name-form.ts";

/** @returns RFC 4514 text in pure ASCII; `undefined` for an empty name, which has no text */
export function dnValue(name: DistinguishedName): string | undefined {
  return keepLastSpace(printRfc4514(name)) || undefined;
}
