import { createPublicKey, X509Certificate } from "node:crypto";
import { createAuthority, daysFromNow } from "./authority.ts";
import { readIndex, writeIndex } from "./certificate-index.ts";
import { CertsError } from "./certs-error.ts";
import { checkSubject } from "./check-subject.ts";
import { encryptPrivateKey } from "./encrypted-key.ts";
import type { Entry } from "./entry.ts";
import { locked } from "./folder-lock.ts";
import { entryFor } from "./index-entry.ts";
import { keyAlgorithmOf } from "./key-pair.ts";
import type { KeyAlgorithm } from "./key-pair.ts";
import { nextCommand } from "./next-command.ts";
import { openAuthority } from "./open-authority.ts";
import { personSubject } from "./person-subject.ts";
import type { Passphrase } from "./read-authority-key.ts";
import { isThere, pathsOf, shown, writeFiles } from "./store.ts";

export type IntermediateOptions = {
  readonly folder: string;
  /** Its CN; it lives where the root does. */
  readonly commonName: string;
  readonly days: number;
  /** The root's, unless given. */
  readonly key?: KeyAlgorithm | undefined;
  /** Opens the root's key. */
  readonly rootPassphrase?: Passphrase | undefined;
  /** Encrypts the intermediate's. */
  readonly passphrase?: string | undefined;
};

/**
 * Makes an intermediate authority below the root, which signs from then on. The root's key is then needed to revoke the
 * intermediate, once a year for its own list, and for nothing else: it can be kept elsewhere.
 *
 * @throws CertsError when there is an intermediate authority already.
 */
export async function makeIntermediate(options: IntermediateOptions): Promise<Entry> {
  const { folder, commonName, days, passphrase } = options;
  const paths = pathsOf(folder, "intermediate");
  for (const path of [paths.crt, paths.key])
    if (await isThere(path))
      throw new CertsError(
        `${shown(path)} is already there, and signs. For a new authority: ${nextCommand("init --force --intermediate", folder)}`,
      );
  const authority = await openAuthority(folder, { passphrase: options.rootPassphrase });
  const { signer, notAfter } = authority;
  const subject = personSubject(authority, { commonName });
  checkSubject(subject);
  const key = options.key ?? keyAlgorithmOf(createPublicKey(signer.certificatePem));
  const end = daysFromNow(days);
  return locked(folder, async () => {
    const made = await createAuthority({
      subject,
      issuer: signer,
      notAfter: end < notAfter ? end : notAfter,
      ...(key && { keyAlgorithm: key }),
    });
    const keyPem =
      passphrase === undefined ? made.privateKeyPem : encryptPrivateKey(made.privateKeyPem, passphrase);
    const certificate = new X509Certificate(made.der);
    const index = await readIndex(folder);
    const entry = entryFor(certificate, { name: "intermediate", issuer: "root" });
    await writeIndex(folder, { ...index, certificates: [...index.certificates, entry] });
    await writeFiles([
      { path: paths.key, content: keyPem, secret: true },
      { path: paths.pem, content: made.certificatePem, secret: false },
      { path: paths.crt, content: made.certificatePem, secret: false },
    ]);
    return { name: "intermediate", commonName, outcome: "made", notAfter: certificate.validToDate };
  });
}
