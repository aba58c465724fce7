import { readIndex, writeIndex } from "./certificate-index.ts";
import type { IndexEntry } from "./index-entry.ts";
import { CertsError } from "./certs-error.ts";
import { locked } from "./folder-lock.ts";
import { serialNumberFrom } from "./index-entry.ts";
import { nextCommand } from "./next-command.ts";
import type { RevocationReason } from "./revocation-list.ts";
import { shown } from "./store.ts";

export type Revocation = {
  /** Hexadecimal digits, with or without colons. */
  readonly serialNumber: string;
  readonly reason?: RevocationReason | undefined;
  /** Now, unless given. */
  readonly date?: Date;
};

/**
 * Notes in the index that certificates are revoked. Gateways know of it when the next revocation list is written. What
 * is revoked already keeps its date; a certificate on hold can be revoked for good.
 *
 * @returns the entries as they stand now.
 * @throws CertsError when the index does not know one of the serial numbers; then nothing is noted.
 */
export function revoke(
  folder: string,
  ...revocations: readonly Revocation[]
): Promise<readonly IndexEntry[]> {
  return locked(folder, async () => {
    const index = await readIndex(folder);
    const certificates = [...index.certificates];
    const changed = revocations.map((revocation) => {
      const serialNumber = serialNumberFrom(revocation.serialNumber);
      const place = certificates.findIndex((entry) => entry.serialNumber === serialNumber);
      const entry = certificates[place];
      if (!entry)
        throw new CertsError(
          `${shown(folder)} has issued no certificate with the serial number ${revocation.serialNumber}. ` +
            `What it has issued: ${nextCommand("list", folder)}`,
        );
      return (certificates[place] = revokedEntry(entry, revocation));
    });
    await writeIndex(folder, { ...index, certificates });
    return changed;
  });
}

function revokedEntry(entry: IndexEntry, { reason, date = new Date() }: Revocation): IndexEntry {
  if (entry.revoked && (entry.revoked.reason !== "certificateHold" || reason === "certificateHold"))
    return entry;
  return { ...entry, revoked: { date: entry.revoked?.date ?? date, ...(reason && { reason }) } };
}
