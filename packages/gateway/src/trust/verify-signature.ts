/** Whether a signature on a CRL or an OCSP answer is the key's. What it takes is a short list; everything else is `false`. */
import { constants, verify, type KeyObject } from "node:crypto";
import { childrenOf, readElement, readObjectIdentifier, tags, type Element } from "@sallyport/identity/der";

type Scheme = { readonly keyTypes: readonly string[]; readonly hash: string | null };

/** SHA-1 and MD5 are missing on purpose: who can make two lists with one hash can bring a certificate back to life. */
const schemes: Readonly<Record<string, Scheme>> = {
  "1.2.840.113549.1.1.11": { keyTypes: ["rsa"], hash: "sha256" },
  "1.2.840.113549.1.1.12": { keyTypes: ["rsa"], hash: "sha384" },
  "1.2.840.113549.1.1.13": { keyTypes: ["rsa"], hash: "sha512" },
  "1.2.840.10045.4.3.2": { keyTypes: ["ec"], hash: "sha256" },
  "1.2.840.10045.4.3.3": { keyTypes: ["ec"], hash: "sha384" },
  "1.2.840.10045.4.3.4": { keyTypes: ["ec"], hash: "sha512" },
  "1.3.101.112": { keyTypes: ["ed25519"], hash: null },
  "1.3.101.113": { keyTypes: ["ed448"], hash: null },
};

const rsassaPss = "1.2.840.113549.1.1.10";
const mgf1 = "1.2.840.113549.1.1.8";
const hashes: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/**
 * Verifies with SHA-2 and RSA (PKCS#1 v1.5 or PSS), SHA-2 and ECDSA, Ed25519 or Ed448.
 * @param algorithm AlgorithmIdentifier (RFC 5280 section 4.1.1.2, RFC 4055, RFC 5758, RFC 8410)
 * @param signature the signature's octets, those of the BIT STRING without its first
 * @returns `false` too for an algorithm that is unknown, weak or malformed, or does not fit the key; never throws
 */
export function verifySignature(
  algorithm: Element,
  signed: Buffer,
  signature: Buffer,
  key: KeyObject,
): boolean {
  try {
    const [identifier, parameters] = readAlgorithm(algorithm);
    if (identifier === rsassaPss) return verifyPss(parameters, signed, signature, key);
    const scheme = Object.hasOwn(schemes, identifier) ? schemes[identifier] : undefined;
    if (!scheme?.keyTypes.includes(key.asymmetricKeyType ?? "")) return false;
    // NULL with RSA, which may also be left out (RFC 4055 section 5); never any with the others (RFC 5758, RFC 8410).
    if (parameters !== undefined && !(scheme.keyTypes.includes("rsa") && isNull(parameters))) return false;
    return verify(scheme.hash, signed, key, signature);
  } catch {
    return false;
  }
}

/** AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
function readAlgorithm(algorithm: Element): [identifier: string, parameters: Element | undefined] {
  const [identifier, parameters, ...more] = childrenOf(algorithm, tags.sequence);
  if (identifier === undefined || more.length > 0) throw new Error("no algorithm identifier");
  return [readObjectIdentifier(identifier), parameters];
}

function isNull({ tag, content }: Element): boolean {
  return tag === 0x05 && content.length === 0;
}

/**
 * RSASSA-PSS-params ::= SEQUENCE { [0] hashAlgorithm DEFAULT sha1, [1] maskGenAlgorithm DEFAULT mgf1SHA1,
 * [2] saltLength DEFAULT 20, [3] trailerField DEFAULT 1 } (RFC 4055 section 3.1). The first two default to SHA-1 and
 * have to be there; the last can only be 1 and has to be absent, as DER leaves a default out.
 */
function verifyPss(
  parameters: Element | undefined,
  signed: Buffer,
  signature: Buffer,
  key: KeyObject,
): boolean {
  if (parameters === undefined || !["rsa", "rsa-pss"].includes(key.asymmetricKeyType ?? "")) return false;
  const [hashField, maskField, saltField, ...more] = childrenOf(parameters, tags.sequence);
  if (hashField === undefined || maskField === undefined || more.length > 0) return false;
  const hash = readHash(explicit(hashField, 0xa0));
  const [mask, maskHash] = readAlgorithm(explicit(maskField, 0xa1));
  if (mask !== mgf1 || maskHash === undefined || readHash(maskHash) !== hash) return false;
  const saltLength = saltField === undefined ? 20 : readSaltLength(explicit(saltField, 0xa2));
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify(hash, signed, { key, padding, saltLength }, signature);
}

function explicit(field: Element, tag: number): Element {
  childrenOf(field, tag);
  return readElement(field.content);
}

function readHash(algorithm: Element): string {
  const [identifier, parameters] = readAlgorithm(algorithm);
  const hash = Object.hasOwn(hashes, identifier) ? hashes[identifier] : undefined;
  if (hash === undefined || (parameters !== undefined && !isNull(parameters)))
    throw new Error("no hash of SHA-2");
  return hash;
}

/** No modulus has room for a salt that two octets cannot count, nor OpenSSL another meaning than the number for it. */
function readSaltLength({ tag, content }: Element): number {
  if (tag !== tags.integer || content.length < 1 || content.length > 2) throw new Error("no salt length");
  const length = content.readIntBE(0, content.length);
  if (length < 0) throw new Error("a negative salt length means something else to OpenSSL");
  return length;
}
