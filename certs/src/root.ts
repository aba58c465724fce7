/** The root of trust on disk: `root.crt`, `root.key` and `root.pem`. */
import type { X509Certificate } from "node:crypto";
import { rm } from "node:fs/promises";
import { createAuthority, daysFromNow } from "./authority.ts";
import { emptyIndex, readIndex, writeIndex } from "./certificate-index.ts";
import { CertsError } from "./certs-error.ts";
import { commonNameOf } from "./common-name.ts";
import type { Entry } from "./entry.ts";
import { encryptPrivateKey } from "./encrypted-key.ts";
import { locked } from "./folder-lock.ts";
import type { KeyAlgorithm } from "./key-pair.ts";
import { nextCommand } from "./next-command.ts";
import { isThere, pathsOf, readCertificate, shown, writeFiles } from "./store.ts";
import { profiles } from "./profiles.ts";
import { checkSubject } from "./check-subject.ts";
import { localSubject } from "./subject.ts";
import type { Subject } from "./subject.ts";
import { problemWith } from "./verify.ts";

export const defaultRootName = "Root Flask Local Certificate Authority";

export type RootOptions = {
  readonly folder: string;
  readonly days?: number | undefined;
  readonly force?: boolean | undefined;
  /** The demo's, unless given. What it issues lives where it does: its subject, less the CN. */
  readonly subject?: Subject;
  readonly key?: KeyAlgorithm | undefined;
  /** Encrypts the key. */
  readonly passphrase?: string | undefined;
};

/**
 * Makes a root authority and writes its files. `root.pem` is the certificate alone, because it is what
 * `curl --cacert` and the gateway's `clients.authorities` read; the key stays in `root.key`. An intermediate authority
 * of an older root goes with it, and the index begins anew.
 *
 * @throws CertsError when there is a root already and `force` is not set.
 */
export async function makeRoot(options: RootOptions): Promise<Entry> {
  const {
    folder,
    days = profiles.root.days,
    force,
    subject = localSubject(defaultRootName),
    key,
    passphrase,
  } = options;
  checkSubject(subject);
  await refuseToReplace(folder, force);
  const root = await createAuthority({
    subject,
    notAfter: daysFromNow(days),
    ...(key && { keyAlgorithm: key }),
  });
  const keyPem =
    passphrase === undefined ? root.privateKeyPem : encryptPrivateKey(root.privateKeyPem, passphrase);
  await locked(folder, async () => {
    await refuseToReplace(folder, force);
    const paths = pathsOf(folder, "root");
    // the numbers of revocation lists go on: who has seen one takes no smaller one for newer
    const { revocationList } = force ? await readIndex(folder) : emptyIndex;
    for (const path of Object.values(pathsOf(folder, "intermediate"))) await rm(path, { force: true });
    await writeFiles([
      { path: paths.key, content: keyPem, secret: true },
      { path: paths.pem, content: root.certificatePem, secret: false },
      { path: paths.crt, content: root.certificatePem, secret: false },
    ]);
    await writeIndex(folder, { ...emptyIndex, revocationList });
  });
  return entryOf(await readRoot(folder), "made");
}

async function refuseToReplace(folder: string, force = false): Promise<void> {
  const paths = pathsOf(folder, "root");
  for (const path of [paths.key, paths.crt, paths.pem]) {
    if (force || !(await isThere(path))) continue;
    throw new CertsError(
      `${shown(path)} is already there, and what it issued would stop being trusted. ` +
        `To replace it all the same: ${nextCommand("init --force", folder)}`,
    );
  }
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

function entryOf(certificate: X509Certificate, outcome: Entry["outcome"]): Entry {
  return {
    name: "root",
    commonName: commonNameOf(certificate),
    outcome,
    notAfter: certificate.validToDate,
  };
}
