/** The server and the people on disk: `.crt`, `.key`, `.pem` and `.p12` for each. */
import type { X509Certificate } from "node:crypto";
import type { AlternativeName } from "./authority.ts";
import { CertsError } from "./certs-error.ts";
import { commonNameOf } from "./common-name.ts";
import type { Entry } from "./entry.ts";
import { locked } from "./folder-lock.ts";
import { readIntermediate } from "./intermediate.ts";
import { issueLocked } from "./issue.ts";
import { generatePrivateKey, privateKeyPem, publicKeyInfo } from "./key-pair.ts";
import type { KeyAlgorithm } from "./key-pair.ts";
import { nextCommand } from "./next-command.ts";
import { openAuthority } from "./open-authority.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { personSubject } from "./person-subject.ts";
import type { Profile } from "./profiles.ts";
import type { Passphrase } from "./read-authority-key.ts";
import { readRoot } from "./root.ts";
import { isThere, pathsOf, readCertificate, readPrivateKey, readStored, shown } from "./store.ts";
import { problemWith } from "./verify.ts";
import { writeEndEntity } from "./write-end-entity.ts";

/** Who a certificate is for. */
export type EndEntity = {
  /** File name without its ending. */
  readonly name: string;
  readonly commonName: string;
  readonly organizationalUnits?: readonly string[];
  readonly profile: Profile & { readonly extendedKeyUsage: readonly [string] };
  readonly alternativeNames: readonly AlternativeName[];
  /** The words that make this certificate: `client "Grace Hopper"`. */
  readonly words: string;
  /** The words that put it into files of another name, if it may have one. */
  readonly wordsElsewhere?: string;
};

/** What can be said about the making of any certificate. */
export type IssueSettings = {
  readonly folder: string;
  /** At most until the authority's own end. */
  readonly days?: number | undefined;
  /** The profile's, unless given. */
  readonly key?: KeyAlgorithm | undefined;
  /** Replaces the same holder's files. */
  readonly force?: boolean | undefined;
  readonly allowAmbiguous?: boolean | undefined;
  /** Of the authority's key. */
  readonly passphrase?: Passphrase | undefined;
};

export type MakeOptions = IssueSettings & {
  /** The folder's, when it is open already. */
  readonly authority?: OpenAuthority;
  /** Of the `.p12`. */
  readonly password: string;
};

/**
 * Sees to it that a certificate may be written: nothing is there, or it is the same holder's and `force` is set.
 *
 * @throws CertsError saying what is in the way.
 */
export async function clearTheWay(entity: EndEntity, folder: string, force: boolean): Promise<void> {
  const paths = pathsOf(folder, entity.name);
  const again = nextCommand(`${entity.words} --force`, folder);
  const present = await readCertificate(paths.crt, again).catch(() => undefined);
  if (present) refuseAnotherHolder(present, entity, folder);
  for (const path of [paths.key, paths.crt, paths.pem, paths.p12]) {
    if (force || !(await isThere(path))) continue;
    throw new CertsError(`${shown(path)} is already there. To replace it: ${again}`);
  }
}

function refuseAnotherHolder(certificate: X509Certificate, entity: EndEntity, folder: string): void {
  const holder = commonNameOf(certificate);
  if (entity.wordsElsewhere === undefined || holder === entity.commonName) return;
  throw new CertsError(
    `${shown(pathsOf(folder, entity.name).crt)} belongs to ${holder}, not to ${entity.commonName}. ` +
      `Choose another file name: ${nextCommand(entity.wordsElsewhere, folder)}`,
  );
}

/**
 * Issues a certificate and writes its four files. With an intermediate authority, its certificate follows the holder's
 * in `.crt` and `.pem`: whoever is to believe the holder has to be shown it.
 *
 * @throws CertsError when something is in the way, see {@link clearTheWay}.
 */
export async function makeEndEntity(entity: EndEntity, options: MakeOptions): Promise<Entry> {
  const { folder, password, force = false, days, allowAmbiguous } = options;
  const { name, commonName, organizationalUnits = [], profile, alternativeNames } = entity;
  const authority = options.authority ?? (await openAuthority(folder, options));
  // outside the lock: an RSA key takes its time
  const key = await generatePrivateKey(options.key ?? profile.keyAlgorithm);
  await locked(folder, async () => {
    await clearTheWay(entity, folder, force);
    const subject = personSubject(authority, { commonName, organizationalUnits });
    const request = { name, subject, profile, alternativeNames, days, allowAmbiguous };
    const issued = await issueLocked(authority, request, publicKeyInfo(key));
    const pems = { ...issued, privateKeyPem: privateKeyPem(key) };
    await writeEndEntity(pathsOf(folder, name), {
      ...pems,
      rootChainPem: authority.chainPem,
      name,
      password,
    });
  });
  return { ...(await verifyEndEntity(entity, folder)), outcome: "made" };
}

/** Looks at the files that are there; undefined when there are none. Throws CertsError when one of them is no good. */
export async function checkEndEntity(entity: EndEntity, folder: string): Promise<Entry | undefined> {
  const there = await Promise.all(Object.values(pathsOf(folder, entity.name)).map(isThere));
  return there.includes(true) ? verifyEndEntity(entity, folder) : undefined;
}

/** Reads back all four files and verifies the certificate against the root. */
async function verifyEndEntity(entity: EndEntity, folder: string): Promise<Entry> {
  const paths = pathsOf(folder, entity.name);
  const again = nextCommand(`${entity.words} --force`, folder);
  const certificate = await readCertificate(paths.crt, again);
  refuseAnotherHolder(certificate, entity, folder);
  const key = await readPrivateKey(paths.key, again);
  const purpose = entity.profile.extendedKeyUsage[0];
  const root = await readRoot(folder);
  const intermediate = await readIntermediate(folder, root);
  const issuer = intermediate && certificate.checkIssued(intermediate) ? intermediate : root;
  const problem = problemWith(certificate, { issuer, purpose });
  if (problem) throw new CertsError(`${shown(paths.crt)} ${problem}. Make a new one: ${again}`);
  const both = [await readCertificate(paths.pem, again), await readPrivateKey(paths.pem, again)] as const;
  if (!certificate.checkPrivateKey(key) || !certificate.raw.equals(both[0].raw) || !key.equals(both[1]))
    throw new CertsError(
      `${shown(paths.crt)}, ${shown(paths.key)} and ${shown(paths.pem)} do not belong together. ` +
        `Make new ones: ${again}`,
    );
  await readStored(paths.p12, again);
  return {
    name: entity.name,
    commonName: commonNameOf(certificate),
    outcome: "reused",
    notAfter: certificate.validToDate,
  };
}
