/** `index.json`: every certificate an authority has issued, and what has become of it. Written whole or not at all. */
import { join } from "node:path";
import { adoptCertificates } from "./adopt-certificates.ts";
import { FolderError } from "./certs-error.ts";
import type { IndexEntry } from "./index-entry.ts";
import { isThere, readStored, shown, writeFiles } from "./store.ts";

/** What the file holds. */
export type CertificateIndex = {
  /** Of the revocation list: the number of the last one, and where and for how long it was wanted, if anybody said. */
  readonly revocationList: { readonly number: number; readonly path?: string; readonly days?: number };
  readonly certificates: readonly IndexEntry[];
};

const version = 1;

/** Nothing issued yet. */
export const emptyIndex: CertificateIndex = { revocationList: { number: 0 }, certificates: [] };

export function indexPath(folder: string): string {
  return join(folder, "index.json");
}

/**
 * Reads the index. Where there is none yet, it is made up from the certificates that lie in the folder.
 *
 * @throws FolderError when the file is damaged: going on without it could forget who has been revoked.
 */
export async function readIndex(folder: string): Promise<CertificateIndex> {
  const path = indexPath(folder);
  if (!(await isThere(path))) return { ...emptyIndex, certificates: await adoptCertificates(folder) };
  const content = await readStored(path, "bring it back from a backup");
  try {
    const { version: found, ...index } = JSON.parse(content.toString(), revive) as Stored;
    if (
      found !== version ||
      !Array.isArray(index.certificates) ||
      !Number.isSafeInteger(index.revocationList.number)
    )
      throw new TypeError("It is not an index of this version");
    return index;
  } catch {
    throw new FolderError(
      `${shown(path)} is damaged, and without it nobody knows who has been revoked. Bring it back from a backup.`,
    );
  }
}

/** Writes the index. Whoever calls this holds the folder's lock. */
export async function writeIndex(folder: string, index: CertificateIndex): Promise<void> {
  const { revocationList, certificates } = index;
  const rows = certificates.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
  const content = `{
  "version": ${version},
  "revocationList": ${JSON.stringify(revocationList)},
  "certificates": [${rows === "" ? "" : `\n${rows}\n  `}]
}
`;
  await writeFiles([{ path: indexPath(folder), content, secret: true }]);
}

type Stored = CertificateIndex & { readonly version: number };

function revive(key: string, value: unknown): unknown {
  return ["notBefore", "notAfter", "date"].includes(key) ? new Date(String(value)) : value;
}
