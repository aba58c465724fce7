import { issuerOf } from "./adopt-certificates.ts";
import { readIndex, writeIndex } from "./certificate-index.ts";
import { CertsError } from "./certs-error.ts";
import { locked } from "./folder-lock.ts";
import { entryFor, serialNumberFrom } from "./index-entry.ts";
import { readIntermediate } from "./intermediate.ts";
import { nextCommand } from "./next-command.ts";
import { readRoot } from "./root.ts";
import { readCertificate, shown } from "./store.ts";

/**
 * Sees to it that a certificate stands in the index: an authority's index can be younger than what it has issued.
 *
 * @returns its serial number.
 * @throws CertsError when this authority did not issue it.
 */
export function recordCertificate(
  folder: string,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<string> {
  return locked(folder, async () => {
    const certificate = await readCertificate(path, nextCommand("list", folder));
    const root = await readRoot(folder);
    const intermediate = await readIntermediate(folder, root);
    const issuers = [
      ["root", root] as const,
      ...(intermediate ? [["intermediate", intermediate] as const] : []),
    ];
    const issuer = issuerOf(certificate, issuers);
    if (!issuer || certificate.raw.equals(root.raw))
      throw new CertsError(
        `${shown(path)} was not issued by the authority in ${shown(folder)}. ` +
          `What it has issued: ${nextCommand("list", folder)}`,
      );
    const index = await readIndex(folder);
    const entry = entryFor(certificate, { name, issuer });
    const serialNumber = serialNumberFrom(entry.serialNumber) ?? entry.serialNumber;
    if (!index.certificates.some((known) => known.serialNumber === serialNumber))
      await writeIndex(folder, {
        ...index,
        certificates: [...index.certificates, { ...entry, serialNumber }],
      });
    return serialNumber;
  });
}
