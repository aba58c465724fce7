/** A distinguished name as a header's value: RFC 4514 text. */
import type { DistinguishedName } from "../distinguished-name.ts";
import { parseRfc4514, printRfc4514 } from "../rfc4514.ts";
import { fromWire } from "./header-lines.ts";
import { keepLastSpace } from "../dialects/mod-ssl/name-form.ts";

/** @returns pure ASCII; `undefined` for an empty name, which has no text */
export function dnValue(name: DistinguishedName): string | undefined {
  return keepLastSpace(printRfc4514(name)) || undefined;
}

/**
 * The reverse, and of names whose letters stand there in UTF-8: the systems themselves may not escape them.
 * @throws IdentityError `name-malformed`
 */
export function parseDnValue(value: string | undefined): DistinguishedName | undefined {
  return value === undefined ? undefined : parseRfc4514(fromWire(value));
}
