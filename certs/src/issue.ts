import { X509Certificate } from "node:crypto";
import { daysFromNow, randomSerialNumber, signCertificate } from "./authority.ts";
import type { CertificateRequest } from "./authority.ts";
import { readIndex, writeIndex } from "./certificate-index.ts";
import type { CertificateIndex } from "./certificate-index.ts";
import { CertsError } from "./certs-error.ts";
import { checkAlternativeNames } from "./check-alternative-names.ts";
import { checkSubject } from "./check-subject.ts";
import { locked } from "./folder-lock.ts";
import { entryFor, serialNumberFrom } from "./index-entry.ts";
import { generatePrivateKey, privateKeyPem, publicKeyInfo } from "./key-pair.ts";
import { intermediatesOf } from "./open-authority.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { profiles } from "./profiles.ts";
import type { Profile } from "./profiles.ts";
import { readName } from "./read-subject.ts";
import { spokenDate } from "./spoken-date.ts";

/** What to issue. */
export type IssueRequest = Pick<
  CertificateRequest,
  "subject" | "alternativeNames" | "keyAlgorithm" | "extendedKeyUsage" | "extensions"
> & {
  /** What `list` shows it under and `revoke` finds it by: `grace`. */
  readonly name: string;
  /** {@link profiles.client}, unless given. */
  readonly profile?: Profile | undefined;
  /** The profile's, unless given; never past the authority's own end. */
  readonly days?: number | undefined;
  /** The serial number of the certificate that this one takes over from: if that has been revoked, nothing is issued. */
  readonly renews?: string | undefined;
  /** Issues even a subject that the slash form cannot carry, see {@link checkSubject}. */
  readonly allowAmbiguous?: boolean | undefined;
};

/** A certificate that stands in the authority's index. */
export type Recorded = {
  readonly certificatePem: string;
  readonly der: Uint8Array;
  readonly serialNumber: string;
  readonly notAfter: Date;
  /** What is sent along with it: the authorities above, nearest first, without the root. */
  readonly chainPem: readonly string[];
};

/**
 * Makes a key pair and issues its certificate. It stands in the index before anybody gets it.
 *
 * @throws CertsError when a name cannot stand in a certificate, or the index cannot be read or written.
 */
export async function issue(
  authority: OpenAuthority,
  request: IssueRequest,
): Promise<Recorded & { readonly privateKeyPem: string }> {
  const { keyAlgorithm = (request.profile ?? profiles.client).keyAlgorithm } = request;
  checkNames(request);
  // outside the lock: an RSA key takes its time
  const key = await generatePrivateKey(keyAlgorithm);
  const recorded = await locked(authority.folder, () => issueLocked(authority, request, publicKeyInfo(key)));
  return { ...recorded, privateKeyPem: privateKeyPem(key) };
}

/** The same for a key that somebody else keeps: SubjectPublicKeyInfo in DER. Who calls this has seen that they do. */
export function issueFor(
  authority: OpenAuthority,
  request: IssueRequest,
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<Recorded> {
  checkNames(request);
  return locked(authority.folder, () => issueLocked(authority, request, publicKey));
}

/** The same for somebody who holds the folder's lock already. */
export async function issueLocked(
  authority: OpenAuthority,
  request: IssueRequest,
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<Recorded> {
  checkNames(request);
  const { name, days, profile = profiles.client } = request;
  const index = await readIndex(authority.folder);
  refuseRevoked(request.renews, index, "what is revoked is not renewed");
  const signerNumber = serialNumberFrom(new X509Certificate(authority.signer.certificatePem).serialNumber);
  refuseRevoked(signerNumber, index, "nothing is issued under it any more");
  const taken = new Set(index.certificates.map(({ serialNumber }) => serialNumber));
  let serialNumber: string;
  do serialNumber = randomSerialNumber().toUpperCase();
  while (taken.has(serialNumber));
  const wanted = daysFromNow(days ?? profile.days);
  const { signer, notAfter: end } = authority;
  const { certificatePem, der } = await signCertificate(
    // a certificate that outlives its authority looks good and is refused
    { ...request, profile, issuer: signer, serialNumber, notAfter: wanted < end ? wanted : end },
    publicKey,
    signer.privateKeyPem,
  );
  const certificate = new X509Certificate(der);
  const entry = entryFor(certificate, { name, issuer: authority.name });
  await writeIndex(authority.folder, { ...index, certificates: [...index.certificates, entry] });
  return {
    certificatePem,
    der,
    serialNumber,
    notAfter: certificate.validToDate,
    chainPem: intermediatesOf(authority),
  };
}

function refuseRevoked(
  serialNumber: string | undefined,
  { certificates }: CertificateIndex,
  consequence: string,
): void {
  const entry = certificates.find((candidate) => candidate.serialNumber === serialNumber);
  if (!entry?.revoked) return;
  const date = spokenDate(entry.revoked.date);
  throw new CertsError(`${entry.name} was revoked on ${date}: ${consequence}.`);
}

function checkNames({ subject, alternativeNames = [], allowAmbiguous }: IssueRequest): void {
  checkSubject(subject instanceof Uint8Array ? readName(subject) : subject, { allowAmbiguous });
  checkAlternativeNames(alternativeNames);
}
