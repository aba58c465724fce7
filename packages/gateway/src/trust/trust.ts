/** Which authorities are believed, how a certificate leads to one of them, and whether it still holds. One Trust per reading of the configuration. */
import type { X509Certificate } from "node:crypto";
import { readCertificate, type Certificate } from "@sallyport/identity";
import { weaknessOf, type Weakness } from "./key-strength.ts";
import type { Revocation, Verdict } from "./revocation.ts";
import type { Link } from "./source.ts";

/** A certificate that was verified in full under this Trust, and what that told of it. */
export type Known = {
  readonly certificate: Certificate;
  /** Certificates of authorities on the way, the root included: counted as Apache's SSLVerifyDepth does. */
  readonly depth: number;
  /** The instants between which every certificate of the path is valid, milliseconds since the epoch, both inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Every certificate of the path but the root, nearest to the client first, with the authority that signed it. */
  readonly links: readonly Link[];
  /** What is too weak on the way, unless weak keys are accepted. */
  readonly weakness: Weakness | undefined;
};

export type Trust = {
  /** The highest depth that is accepted. */
  readonly maxDepth: number;
  /**
   * The certificate of a peer, with its path.
   * A resumed TLS session brings its leaf but not the intermediates that came with it: they are remembered from the full
   * handshake, by the leaf's fingerprint, and handed on from one Trust to the next.
   * @param presented what came with the leaf, if anything
   * @param resumed whether it came with a session of before: one that leads nowhere must not come back
   * @returns `undefined` where no path leads to a trusted root
   * @throws IdentityError `certificate-malformed`
   */
  readonly meet: (
    leaf: X509Certificate,
    presented: () => X509Certificate[],
    resumed?: boolean,
  ) => Known | undefined;
  /** Why OpenSSL may have refused what it calls unspecified. */
  readonly weaknessOf: (leaf: X509Certificate, presented: readonly X509Certificate[]) => Weakness | undefined;
  /** Whether the certificate is revoked, remembered until that can have changed; a promise where somebody is asked first. */
  readonly standing: (known: Known, now: number) => Verdict | Promise<Verdict>;
  readonly revocation: Revocation;
  /** Intermediates by the fingerprint of the leaf that they came with. */
  readonly presented: Map<string, readonly X509Certificate[]>;
};

export type TrustOptions = {
  readonly authorities: readonly X509Certificate[];
  readonly depth: number;
  readonly insecureWeakKeys: boolean;
  readonly revocation: Revocation;
  /** The Trust that this one replaces. */
  readonly previous: Trust | undefined;
  /** How many certificates are remembered. */
  readonly memory: number;
  /** Sessions that rely on what is not remembered here must not be resumable any more: it was too much, or never here. */
  readonly onForget: () => void;
  /** Intermediates that clients of other workers came with: a session that was made there may be resumed here. */
  readonly introduced?: () => readonly X509Certificate[];
  /** Told of the intermediates that lead from a client's certificate to a configured authority, if it brought any. */
  readonly onMeet?: (path: readonly X509Certificate[]) => void;
};

export function createTrust(options: TrustOptions): Trust {
  const { authorities, depth, insecureWeakKeys, revocation, previous, memory, onForget } = options;
  const { introduced = () => [], onMeet } = options;
  const known = new Map<string, Known>();
  /** For the reason alone, told again where the session is resumed and the weak authority is not there. */
  const weak = new Map<string, Weakness>();
  const presented = previous?.presented ?? new Map<string, readonly X509Certificate[]>();
  return {
    maxDepth: depth,
    meet(leaf, bring, resumed = false) {
      const { fingerprint256 } = leaf;
      const held = known.get(fingerprint256);
      if (held !== undefined) return held;
      const brought = bring();
      const company = brought.length > 0 ? brought : (presented.get(fingerprint256) ?? introduced());
      const path = findPath(leaf, authorities, company);
      if (path === undefined) {
        // Made where the intermediates were known. The next handshake has to be a full one, which brings them.
        if (resumed) onForget();
        return undefined;
      }
      if (known.size >= memory || presented.size >= memory) {
        known.clear();
        presented.clear();
        onForget();
      }
      const entry = acquaint(leaf, path, insecureWeakKeys);
      known.set(fingerprint256, entry);
      if (brought.length > 0) {
        presented.set(fingerprint256, brought);
        onMeet?.(path.filter((each) => !authorities.includes(each)));
      }
      return entry;
    },
    weaknessOf(leaf, company) {
      const found = weaknessOf(leaf, [...company, ...authorities]) ?? weak.get(leaf.fingerprint256);
      if (weak.size >= memory) weak.clear();
      if (found !== undefined) weak.set(leaf.fingerprint256, found);
      return found;
    },
    standing: (entry, now) => revocation.standing(entry.links, now),
    revocation,
    presented,
  };
}

/** @param path the authorities above the leaf, nearest first, the root last; none where the leaf is a root itself */
function acquaint(leaf: X509Certificate, path: readonly X509Certificate[], insecureWeakKeys: boolean): Known {
  const certificates = [leaf, ...path].map(({ raw }) => readCertificate(raw));
  const [certificate = readCertificate(leaf.raw), ...issuers] = certificates;
  return {
    certificate,
    depth: path.length,
    notBefore: Math.max(...certificates.map(({ notBefore }) => notBefore)),
    notAfter: Math.min(...certificates.map(({ notAfter }) => notAfter)),
    links: issuers.map((issuer, at) => ({ certificate: certificates[at] ?? certificate, issuer })),
    weakness: insecureWeakKeys ? undefined : weaknessOf(leaf, path),
  };
}

/** More authorities than anybody accepts; a loop of cross-signed ones ends here. */
const longestPath = 32;

/**
 * Finds the way to a self-signed authority, the trusted certificates first as OpenSSL does. Every step is proved by a
 * signature. This is a second, independent look: OpenSSL has verified the chain at the handshake, but tells neither its
 * length nor its dates.
 */
function findPath(
  leaf: X509Certificate,
  authorities: readonly X509Certificate[],
  presented: readonly X509Certificate[],
): X509Certificate[] | undefined {
  const path: X509Certificate[] = [];
  let certificate = leaf;
  while (path.length <= longestPath) {
    const trusted = authorities.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256);
    if (trusted && certificate.checkIssued(certificate)) return path;
    const issuer = [...authorities, ...presented].find((candidate) => issued(candidate, certificate));
    if (issuer === undefined || issuer.fingerprint256 === certificate.fingerprint256) return undefined;
    path.push(issuer);
    certificate = issuer;
  }
  return undefined;
}

function issued(candidate: X509Certificate, certificate: X509Certificate): boolean {
  return candidate.ca && certificate.checkIssued(candidate) && certificate.verify(candidate.publicKey);
}
