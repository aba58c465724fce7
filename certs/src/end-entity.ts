/** The server and the people on disk: `.crt`, `.key`, `.pem` and `.p12` for each. */
import type { X509Certificate } from "node:crypto";
import { daysFromNow, issueCertificate } from "./authority.ts";
import type { AlternativeName } from "./authority.ts";
import { CertsError } from "./certs-error.ts";
import { commonNameOf } from "./common-name.ts";
import type { Entry } from "./entry.ts";
import { nextCommand } from "./next-command.ts";
import { createPkcs12 } from "./pkcs12.ts";
import type { Profile } from "./profiles.ts";
import { openRoot, readRoot } from "./root.ts";
import { isThere, pathsOf, readCertificate, readPrivateKey, readStored, shown, writeFiles } from "./store.ts";
import { localSubject } from "./subject.ts";
import { problemWith } from "./verify.ts";

/** Who a certificate is for. */
export type EndEntity = {
  /** File name without its ending. */
  readonly name: string;
  readonly commonName: string;
  readonly profile: Profile & { readonly extendedKeyUsage: readonly [string] };
  readonly alternativeNames: readonly AlternativeName[];
  /** The words that make this certificate: `client "Grace Hopper"`. */
  readonly words: string;
  /** The words that put it into files of another name, if it may have one. */
  readonly wordsElsewhere?: string;
};

export type MakeOptions = {
  readonly folder: string;
  /** At most until the authority's own end. */
  readonly days?: number | undefined;
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

/** Issues a certificate and writes its four files over whatever is there: ask {@link clearTheWay} first. */
export async function makeEndEntity(entity: EndEntity, options: MakeOptions): Promise<Entry> {
  const { folder, password, days = entity.profile.days } = options;
  const paths = pathsOf(folder, entity.name);
  const issuer = await openRoot(folder);
  const wanted = daysFromNow(days);
  const { certificatePem, privateKeyPem } = await issueCertificate({
    subject: localSubject(entity.commonName),
    issuer,
    profile: entity.profile,
    alternativeNames: entity.alternativeNames,
    // a certificate that outlives its authority looks good and is refused
    notAfter: wanted < issuer.notAfter ? wanted : issuer.notAfter,
  });
  const friendlyName = `${entity.name}-flask-local`;
  const chainPem = [issuer.certificatePem];
  const p12 = createPkcs12({ privateKeyPem, certificatePem, chainPem, friendlyName, password });
  await writeFiles([
    { path: paths.key, content: privateKeyPem, secret: true },
    { path: paths.pem, content: certificatePem + privateKeyPem, secret: true },
    { path: paths.p12, content: p12, secret: true },
    { path: paths.crt, content: certificatePem, secret: false },
  ]);
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
  const problem = problemWith(certificate, { issuer: await readRoot(folder), purpose });
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
