import type { X509Certificate } from "node:crypto";

/** The subject's common name for people to read; empty when there is none, joined when there are several. */
export function commonNameOf(certificate: X509Certificate): string {
  const names = certificate.toLegacyObject().subject.CN;
  return [names ?? []].flat().join(", ");
}
