import { importHelp as helpFor } from "../import-guide.ts";
import type { ImportSystem } from "../import-steps.ts";
import { shown } from "../store.ts";

/** `import-help SYSTEM [NAME]`: how a certificate gets into one system or program. Returns the lines to print. */
export function importHelp(
  system: ImportSystem,
  name: string,
  { folder }: { readonly folder: string },
): readonly string[] {
  return helpFor(system, { name, folder: shown(folder) });
}
