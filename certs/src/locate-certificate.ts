import { basename, dirname, join, resolve } from "node:path";
import { CertsError } from "./certs-error.ts";
import { nextCommand } from "./next-command.ts";
import { isThere, pathsOf, shown } from "./store.ts";

/** Where a holder's files are, and what they are called without their endings. */
export type Located = { readonly folder: string; readonly name: string; readonly crt: string };

/**
 * Finds the certificate that somebody means who types a name (`grace`) or a file (`certs/flask-local/grace.crt`).
 *
 * @throws CertsError when there is neither.
 */
export async function locateCertificate(folder: string, given: string): Promise<Located> {
  const named = pathsOf(folder, given).crt;
  if (basename(given) === given && (await isThere(named))) return { folder, name: given, crt: named };
  const path = resolve(given);
  if (given !== "" && (await isThere(path)))
    return { folder: dirname(path), name: basename(path).replace(/\.[a-z0-9]+$/i, ""), crt: path };
  throw new CertsError(
    `There is no ${shown(join(folder, `${given}.crt`))} and no file ${given}. ` +
      `What has been issued: ${nextCommand("list", folder)}`,
  );
}
