/** Whether a certificate's key and signature are strong enough to prove anything today. */
import type { KeyObject, X509Certificate } from "node:crypto";
import { childrenOf, readElement, tags } from "@sallyport/identity/der";

export type Weakness = "WEAK_KEY" | "WEAK_SIGNATURE" | "WEAK_AUTHORITY";

const fewestModulusBits = 2048;

/** Curves with at least 128 bits of strength. */
const curves = new Set([
  ...["prime256v1", "secp384r1", "secp521r1"],
  ...["brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"],
]);

export function isWeakKey({ publicKey }: X509Certificate): boolean {
  const { modulusLength = 0, namedCurve = "" } = publicKey.asymmetricKeyDetails ?? {};
  const kind = publicKey.asymmetricKeyType ?? "";
  if (kind.startsWith("rsa")) return modulusLength < fewestModulusBits;
  if (kind === "ec") return !curves.has(namedCurve) || !isNamed(publicKey);
  return kind !== "ed25519" && kind !== "ed448";
}

/**
 * Whether a curve is given by its name. One that is spelt out, with a generator of somebody's choice, makes a key to fit
 * another's public key (CVE-2020-0601, RFC 5480 section 2.1.1).
 */
function isNamed(publicKey: KeyObject): boolean {
  const spki = readElement(publicKey.export({ type: "spki", format: "der" }));
  const [algorithm] = childrenOf(spki, tags.sequence);
  const [, parameters] = algorithm ? childrenOf(algorithm, tags.sequence) : [];
  return parameters?.tag === tags.objectIdentifier;
}

/** SHA-1 and MD5 can be made to collide: a signature with one of them proves nothing about who was signed for. */
export function isWeakSignature({ signatureAlgorithm }: X509Certificate): boolean {
  return /sha1|md[245]/i.test(signatureAlgorithm ?? "");
}

/**
 * @param above the authorities above the leaf. A root is trusted as it is: what it signed itself with is of no account.
 */
export function weaknessOf(leaf: X509Certificate, above: readonly X509Certificate[]): Weakness | undefined {
  if (isWeakKey(leaf)) return "WEAK_KEY";
  if (isWeakSignature(leaf)) return "WEAK_SIGNATURE";
  const weak = (authority: X509Certificate) =>
    isWeakKey(authority) || (isWeakSignature(authority) && !authority.checkIssued(authority));
  return above.some(weak) ? "WEAK_AUTHORITY" : undefined;
}
