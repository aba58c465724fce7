/** Which authorities are believed, and how a certificate leads to one of them. One Trust per reading of the authorities files. */
import type { X509Certificate } from "node:crypto";
import { readCertificate, type Certificate } from "@sallyport/identity";

/** The way from a certificate to a trusted root. */
export type Path = {
  /** Certificates of authorities on the way, the root included: counted as Apache's SSLVerifyDepth does. */
  readonly depth: number;
  /** The instants between which every certificate of the path is valid, milliseconds since the epoch, both inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The authorities on the way, nearest first, without the root. */
  readonly intermediates: readonly Certificate[];
};

/** What is remembered of a certificate that was once verified in full under this Trust. */
export type Known = { readonly certificate: Certificate; readonly path: Path };

export type Trust = {
  /** The highest depth that is accepted. */
  readonly depth: number;
  readonly findPath: (leaf: X509Certificate, presented: readonly X509Certificate[]) => Path | undefined;
  /**
   * Verified certificates by fingerprint. A resumed TLS session brings its leaf but not the intermediates that came
   * with it, so their path has to be remembered from the full handshake.
   */
  readonly recall: (fingerprint256: string) => Known | undefined;
  readonly remember: (fingerprint256: string, leaf: X509Certificate, path: Path) => Known;
};

const memoryLimit = 10_000;

/**
 * @param onForget called when the memory is full and emptied: sessions that rely on it must not be resumable any more
 */
export function createTrust(
  authorities: readonly X509Certificate[],
  depth: number,
  onForget: () => void,
): Trust {
  const known = new Map<string, Known>();
  return {
    depth,
    findPath: (leaf, presented) => findPath(leaf, authorities, presented),
    recall: (fingerprint256) => known.get(fingerprint256),
    remember(fingerprint256, leaf, path) {
      if (known.size >= memoryLimit) {
        known.clear();
        onForget();
      }
      const entry = { certificate: readCertificate(leaf.raw), path };
      known.set(fingerprint256, entry);
      return entry;
    },
  };
}

/** More authorities than any real chain has; a loop of cross-signed ones ends here. */
const longestPath = 12;

/**
 * Finds the way to a self-signed authority, the trusted certificates first as OpenSSL does. Every step is proved by a
 * signature. This is a second, independent look: OpenSSL has verified the chain at the handshake, but tells neither its
 * length nor its dates.
 * @throws IdentityError `certificate-malformed`
 */
function findPath(
  leaf: X509Certificate,
  authorities: readonly X509Certificate[],
  presented: readonly X509Certificate[],
): Path | undefined {
  let certificate = leaf;
  const { notBefore, notAfter } = readCertificate(leaf.raw);
  let path: Path = { depth: 0, notBefore, notAfter, intermediates: [] };
  while (path.depth <= longestPath) {
    if (
      authorities.some((authority) => authority.fingerprint256 === certificate.fingerprint256) &&
      isSelfIssued(certificate)
    ) {
      return { ...path, intermediates: path.intermediates.slice(0, -1) };
    }
    const issuer = [...authorities, ...presented].find((candidate) => issued(candidate, certificate));
    if (issuer === undefined || issuer.fingerprint256 === certificate.fingerprint256) return undefined;
    certificate = issuer;
    const read = readCertificate(issuer.raw);
    path = {
      depth: path.depth + 1,
      notBefore: Math.max(path.notBefore, read.notBefore),
      notAfter: Math.min(path.notAfter, read.notAfter),
      intermediates: [...path.intermediates, read],
    };
  }
  return undefined;
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

function issued(candidate: X509Certificate, certificate: X509Certificate): boolean {
  return candidate.ca && certificate.checkIssued(candidate) && certificate.verify(candidate.publicKey);
}
