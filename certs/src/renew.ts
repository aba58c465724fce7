import * as x509 from "./x509.ts";
import { readIndex } from "./certificate-index.ts";
import { sameAs } from "./grants.ts";
import { serialNumberFrom } from "./index-entry.ts";
import { issue, issueFor } from "./issue.ts";
import type { IssueRequest, Recorded } from "./issue.ts";
import { keyAlgorithmOf } from "./key-pair.ts";
import type { KeyAlgorithm } from "./key-pair.ts";
import { ownCertificate } from "./open-authority.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { extendedKeyUsages, profiles } from "./profiles.ts";
import { readRequest } from "./read-request.ts";

export type RenewOptions = {
  /** The name it stood in the index under, unless given. */
  readonly name?: string | undefined;
  readonly days?: number | undefined;
  /** The old key's, unless given. */
  readonly keyAlgorithm?: KeyAlgorithm | undefined;
  /** Keeps a key: SubjectPublicKeyInfo in DER. A new one is made, unless given. */
  readonly publicKey?: Uint8Array<ArrayBuffer> | undefined;
  /** A PKCS#10 request, PEM or DER, for these very names: its key is taken, once its sender has proved to have it. */
  readonly request?: string | Uint8Array | undefined;
};

/** What every certificate gets anew: keys and the right to sign are not part of who somebody is. */
const renewed = ["2.5.29.14", "2.5.29.15", "2.5.29.19", "2.5.29.35", "2.5.29.37"];

/**
 * Issues a certificate for the same holder: the subject as it was to the last octet, and every extension that says who
 * they are or what they may do. The old certificate stays good until it ends.
 *
 * @throws CertsError when this authority did not issue the certificate, when it has been revoked, and when a request is for
 *   other names (RFC 7030 section 4.2.2) or not proven. That the certificate has ended is no reason.
 */
export async function renew(
  authority: OpenAuthority,
  given: string | Uint8Array,
  options: RenewOptions = {},
): Promise<Recorded & { readonly privateKeyPem?: string }> {
  const old = ownCertificate(authority, given);
  const serialNumber = serialNumberFrom(old.serialNumber);
  const { certificates } = await readIndex(authority.folder);
  const entry = certificates.find((candidate) => candidate.serialNumber === serialNumber);
  const { name = entry?.name ?? "renewed", keyAlgorithm = keyAlgorithmOf(old.publicKey) } = options;
  const publicKey =
    options.request === undefined ? options.publicKey : await requestedKey(options.request, given);
  const parsed = new x509.X509Certificate(new Uint8Array(old.raw));
  const usages = (old.keyUsage as string[] | undefined) ?? [];
  const request: IssueRequest = {
    name,
    renews: serialNumber,
    subject: new Uint8Array(parsed.subjectName.toArrayBuffer()),
    profile: usages.includes(extendedKeyUsages.serverAuth) ? profiles.server : profiles.client,
    extendedKeyUsage: usages,
    extensions: parsed.extensions
      .filter(({ type }) => !renewed.includes(type))
      .map(({ type, critical, value }) => ({ type, critical, value: new Uint8Array(value) })),
    days: options.days,
    ...(keyAlgorithm && { keyAlgorithm }),
    // it was issued once, by somebody who decided this then
    allowAmbiguous: true,
  };
  return publicKey ? issueFor(authority, request, publicKey) : issue(authority, request);
}

async function requestedKey(request: string | Uint8Array, certificate: string | Uint8Array) {
  const { publicKey, ...asked } = await readRequest(request);
  sameAs(certificate)(asked);
  return publicKey;
}
