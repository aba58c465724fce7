import { X509Certificate } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuthorityName, IndexEntry } from "./index-entry.ts";
import { entryFor } from "./index-entry.ts";
import { pathsOf } from "./store.ts";

const authorities = ["root", "intermediate"] as const;

/** Entries for the certificates in a folder that its authorities have signed: for folders older than their index. */
export async function adoptCertificates(folder: string): Promise<readonly IndexEntry[]> {
  const issuers: [AuthorityName, X509Certificate][] = [];
  for (const name of authorities) {
    const issuer = await readCertificateFile(pathsOf(folder, name).crt);
    if (issuer) issuers.push([name, issuer]);
  }
  const names = await readdir(folder).catch(() => []);
  const entries: IndexEntry[] = [];
  for (const file of names.filter((name) => name.endsWith(".crt") && name !== "root.crt")) {
    const certificate = await readCertificateFile(join(folder, file));
    const issuer = certificate && issuerOf(certificate, issuers);
    if (issuer) entries.push(entryFor(certificate, { name: file.slice(0, -".crt".length), issuer }));
  }
  return entries;
}

/** Which of these authorities signed the certificate, if any did. */
export function issuerOf(
  certificate: X509Certificate,
  issuers: readonly (readonly [AuthorityName, X509Certificate])[],
): AuthorityName | undefined {
  return issuers.find(
    ([, issuer]) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
  )?.[0];
}

async function readCertificateFile(path: string): Promise<X509Certificate | undefined> {
  try {
    return new X509Certificate(await readFile(path));
  } catch {
    return undefined;
  }
}
