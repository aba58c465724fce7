/** The root of trust on disk: `root.crt`, `root.key` and `root.pem`. */
import type { X509Certificate } from "node:crypto";
import { createAuthority, daysFromNow } from "./authority.ts";
import type { Issued } from "./authority.ts";
import { CertsError } from "./certs-error.ts";
import { commonNameOf } from "./common-name.ts";
import type { Entry } from "./entry.ts";
import { privateKeyPem } from "./key-pair.ts";
import { nextCommand } from "./next-command.ts";
import { isThere, pathsOf, readCertificate, readPrivateKey, shown, writeFiles } from "./store.ts";
import { profiles } from "./profiles.ts";
import { localSubject } from "./subject.ts";
import { problemWith } from "./verify.ts";

const name = "Root Flask Local Certificate Authority";

export type RootOptions = { readonly folder: string; readonly days?: number; readonly force?: boolean };

/**
 * Makes a root authority and writes its files. `root.pem` is the certificate alone, because it is what
 * `curl --cacert` and the gateway's `clients.authorities` read; the key stays in `root.key`.
 *
 * @throws CertsError when there is a root already and `force` is not set.
 */
export async function makeRoot({ folder, days = profiles.root.days, force }: RootOptions): Promise<Entry> {
  const paths = pathsOf(folder, "root");
  for (const path of [paths.key, paths.crt, paths.pem]) {
    if (force || !(await isThere(path))) continue;
    throw new CertsError(
      `${shown(path)} is already there, and what it issued would stop being trusted. ` +
        `To replace it all the same: ${nextCommand("init --force", folder)}`,
    );
  }
  const root = await createAuthority({ subject: localSubject(name), notAfter: daysFromNow(days) });
  await writeFiles([
    { path: paths.key, content: root.privateKeyPem, secret: true },
    { path: paths.pem, content: root.certificatePem, secret: false },
    { path: paths.crt, content: root.certificatePem, secret: false },
  ]);
  return entryOf(await readRoot(folder), "made");
}

/**
 * Looks at the root that is there; undefined when there is none. Its key may be kept elsewhere: only issuing needs it.
 *
 * @throws CertsError when its certificate is unreadable, expired, or no authority's.
 */
export async function checkRoot(folder: string): Promise<Entry | undefined> {
  const paths = pathsOf(folder, "root");
  const there = await Promise.all([paths.crt, paths.key, paths.pem].map(isThere));
  if (!there.includes(true)) return undefined;
  return entryOf(await readRoot(folder), "reused");
}

/** The root's certificate, found good. */
export async function readRoot(folder: string): Promise<X509Certificate> {
  const { crt, pem } = pathsOf(folder, "root");
  if (!(await isThere(crt)) && !(await isThere(pem)))
    throw new CertsError(`${shown(folder)} has no authority yet. Make one: ${nextCommand("init", folder)}`);
  const replace = nextCommand("init --force", folder);
  const certificate = await readCertificate(crt, replace);
  const problem = problemWith(certificate, { issuer: certificate });
  if (problem) throw new CertsError(`${shown(crt)} ${problem}. Make a new one: ${replace}`);
  const trusted = await readCertificate(pem, replace);
  if (!trusted.raw.equals(certificate.raw))
    throw new CertsError(
      `${shown(pem)} and ${shown(crt)} are two different roots. Make a new one: ${replace}`,
    );
  return certificate;
}

/** The root with its key, ready to issue until it ends. */
export async function openRoot(folder: string): Promise<Omit<Issued, "der"> & { readonly notAfter: Date }> {
  const certificate = await readRoot(folder);
  const { crt, key } = pathsOf(folder, "root");
  const replace = nextCommand("init --force", folder);
  const privateKey = await readPrivateKey(key, replace);
  if (!certificate.checkPrivateKey(privateKey))
    throw new CertsError(`${shown(key)} is not the key of ${shown(crt)}. Make new ones: ${replace}`);
  return {
    certificatePem: certificate.toString(),
    privateKeyPem: privateKeyPem(privateKey),
    notAfter: certificate.validToDate,
  };
}

function entryOf(certificate: X509Certificate, outcome: Entry["outcome"]): Entry {
  return {
    name: "root",
    commonName: commonNameOf(certificate),
    outcome,
    notAfter: certificate.validToDate,
  };
}
