/** What makes a certificate too weak, in words for the one who has to ask for a better one. */
import { X509Certificate } from "node:crypto";
import type { Certificate } from "@sallyport/identity";

/**
 * @param detail of the refusal: `WEAK_KEY`, `WEAK_SIGNATURE` or `WEAK_AUTHORITY`
 * @param certificate the visitor's own, if it could be read
 */
export function weakness(detail: string, certificate: Certificate | undefined): string {
  if (detail === "WEAK_AUTHORITY") return "An authority above it has a key or a signature that is too weak.";
  if (detail === "WEAK_SIGNATURE")
    return `It is signed by way of ${hashOf(certificate)}, which can be forged.`;
  return weakKey(certificate) ?? "Its key is too short, or of a kind that is not accepted here.";
}

function hashOf(certificate: Certificate | undefined): string {
  const [, family = "", size = ""] =
    /(md|sha)-?(\d)(?!\d)/i.exec(certificate?.signatureAlgorithm ?? "") ?? [];
  if (family === "") return "an old method";
  return family.toLowerCase() === "md" ? `MD${size}` : `SHA-${size}`;
}

function weakKey(certificate: Certificate | undefined): string | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(certificate?.der ?? "").publicKey;
    const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {};
    if (asymmetricKeyType?.startsWith("rsa") && modulusLength !== undefined)
      return `Its RSA key has ${modulusLength} bits, and fewer than 2048 are not accepted here.`;
    if (namedCurve !== undefined) return `Its key is on the curve ${namedCurve}, which is not accepted here.`;
    return asymmetricKeyType && `Its key is of the kind ${asymmetricKeyType}, which is not accepted here.`;
  } catch {
    return undefined; // what cannot be read is told in general words
  }
}
