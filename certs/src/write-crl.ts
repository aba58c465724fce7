import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as x509 from "./x509.ts";
import { daysFromNow } from "./authority.ts";
import { readIndex, writeIndex } from "./certificate-index.ts";
import type { AuthorityName, IndexEntry } from "./index-entry.ts";
import { CertsError } from "./certs-error.ts";
import { locked, sweepBeside } from "./folder-lock.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { createRevocationList } from "./revocation-list.ts";
import { isThere, shown, writeFiles } from "./store.ts";

export type CrlOptions = {
  /** Where gateways look for the list. Kept for the next time; `revoked.crl` in the authority's folder to begin with. */
  readonly path?: string | undefined;
  /** Until nextUpdate. Kept for the next time; 30 to begin with. */
  readonly days?: number | undefined;
};

/** A list that has been written. */
export type WrittenCrl = {
  readonly path: string;
  readonly number: number;
  readonly nextUpdate: Date;
  /** How many certificates it names. */
  readonly revoked: number;
};

const defaultDays = 30;
// the root's key is kept away from daily work, and it has few to revoke
const rootDays = 365;

/**
 * Signs the list of all that is revoked and puts it where gateways read it, in one piece. Below an intermediate
 * authority the file holds two lists, the intermediate's and the root's; the root signs its own anew when that says
 * something else now, or would soon end.
 *
 * The number is on the disk before the list is: no two lists ever have the same one.
 *
 * @throws CertsError when the place cannot be written to.
 */
export function writeCrl(authority: OpenAuthority, options: CrlOptions = {}): Promise<WrittenCrl> {
  const { folder, signer, name } = authority;
  return locked(folder, async () => {
    const index = await readIndex(folder);
    const { path = join(folder, "revoked.crl"), days = defaultDays } = {
      ...index.revocationList,
      ...given(options),
    };
    if (!(await isThere(dirname(path))))
      throw new CertsError(
        `${shown(dirname(path))} is not there. Make it, for gateways to read: mkdir ${shown(dirname(path))}`,
      );
    const number = index.revocationList.number + 1;
    const [own, nextUpdate] = [revokedBy(name, index.certificates), daysFromNow(days)];
    const lists = [(await createRevocationList({ issuer: signer, number, nextUpdate, revoked: own })).pem];
    if (name !== "root")
      lists.push(await rootList(authority, { path, number, nextUpdate, entries: index.certificates }));
    await writeIndex(folder, {
      ...index,
      revocationList: { ...index.revocationList, ...given(options), number },
    });
    await sweepBeside(path);
    await writeFiles([{ path, content: lists.join(""), secret: false }]);
    return { path, number, nextUpdate, revoked: index.certificates.filter(({ revoked }) => revoked).length };
  });
}

function given({ path, days }: CrlOptions): { path?: string; days?: number } {
  return { ...(path !== undefined && { path }), ...(days !== undefined && { days }) };
}

function revokedBy(issuer: AuthorityName, entries: readonly IndexEntry[]) {
  return entries.flatMap(({ serialNumber, revoked, ...entry }) =>
    revoked && entry.issuer === issuer ? [{ serialNumber, ...revoked }] : [],
  );
}

type RootList = {
  readonly path: string;
  readonly number: number;
  readonly nextUpdate: Date;
  readonly entries: readonly IndexEntry[];
};

async function rootList(
  authority: OpenAuthority,
  { path, number, nextUpdate, entries }: RootList,
): Promise<string> {
  const revoked = revokedBy("root", entries);
  const rootPem = authority.chainPem.at(-1) ?? "";
  const standing = await standingList(path, rootPem);
  const wanted = new Set(revoked.map(({ serialNumber }) => serialNumber));
  const named = standing?.entries.map(({ serialNumber }) => serialNumber.toUpperCase()) ?? [];
  const same = named.length === wanted.size && named.every((serialNumber) => wanted.has(serialNumber));
  if (standing?.nextUpdate && standing.nextUpdate >= nextUpdate && same)
    return `${x509.PemConverter.encode(standing.rawData, "X509 CRL")}\n`;
  const end = daysFromNow(rootDays);
  const request = {
    issuer: await authority.root(),
    number,
    revoked,
    nextUpdate: end > nextUpdate ? end : nextUpdate,
  };
  return (await createRevocationList(request)).pem;
}

/** The root's list in a file that was written before. */
async function standingList(path: string, rootPem: string): Promise<x509.X509Crl | undefined> {
  try {
    const root = new x509.X509Certificate(rootPem);
    for (const der of x509.PemConverter.decode(await readFile(path, "latin1"))) {
      const list = new x509.X509Crl(der);
      if (await list.verify({ publicKey: root.publicKey })) return list;
    }
  } catch {
    // none, or none that can be read: a new one is signed
  }
  return undefined;
}
