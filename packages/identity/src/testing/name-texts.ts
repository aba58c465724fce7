import type { DistinguishedName } from "../distinguished-name.ts";

/** A name as it is compared with one that was read from text, where the values' encoding is lost. */
export function nameTexts(name: DistinguishedName): string[][] {
  return name.map((rdn) => rdn.map(({ type, value, der }) => `${type}=${value ?? `#${der ?? ""}`}`));
}
