/**
 * Authorities that clients bring. A resumed session brings its leaf alone: where it was made at another worker, that one has
 * told what leads from there to a root. They are candidates only, every step is proved again.
 */
import { X509Certificate } from "node:crypto";

/** They are issued by authorities that are accepted: there are never so many. */
const most = 1_000;

export type Introductions = {
  readonly certificates: () => readonly X509Certificate[];
  /** A client has brought these. */
  readonly meet: (path: readonly X509Certificate[]) => void;
  /** Another worker's client has. */
  readonly hear: (certificate: Buffer) => void;
};

/** @param tell called once for each certificate that the others have not told of */
export function createIntroductions(tell: (certificate: Buffer) => void): Introductions {
  const known = new Map<string, X509Certificate>();
  const isNew = (certificate: X509Certificate) => {
    if (known.size >= most || known.has(certificate.fingerprint256)) return false;
    known.set(certificate.fingerprint256, certificate);
    return true;
  };
  return {
    certificates: () => [...known.values()],
    meet(path) {
      for (const each of path) if (isNew(each)) tell(each.raw);
    },
    hear(certificate) {
      isNew(new X509Certificate(certificate));
    },
  };
}
