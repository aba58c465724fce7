import { createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject, webcrypto } from "node:crypto";
import { promisify } from "node:util";

/** RSA with a modulus of so many bits, or ECDSA on a NIST curve. P-384 signs with SHA-384, all others with SHA-256. */
export type KeyAlgorithm = "rsa-2048" | "rsa-4096" | "ec-p256" | "ec-p384";

const generate = promisify(generateKeyPair);

/** Makes a new private key. */
export async function generatePrivateKey(algorithm: KeyAlgorithm): Promise<KeyObject> {
  const pair = algorithm.startsWith("rsa-")
    ? await generate("rsa", { modulusLength: Number(algorithm.slice("rsa-".length)) })
    : await generate("ec", { namedCurve: algorithm === "ec-p384" ? "P-384" : "P-256" });
  return pair.privateKey;
}

/** PKCS#8, PEM, unencrypted: what curl, nginx, Apache and Node read. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The SubjectPublicKeyInfo that belongs to a private key, in DER. */
export function publicKeyInfo(key: KeyObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createPublicKey(key).export({ type: "spki", format: "der" }));
}

/** The algorithm of a key, where it is one of those that this authority makes and signs. */
export function keyAlgorithmOf({
  asymmetricKeyType,
  asymmetricKeyDetails,
}: KeyObject): KeyAlgorithm | undefined {
  const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === "rsa") return (modulusLength ?? 0) >= 4096 ? "rsa-4096" : "rsa-2048";
  if (asymmetricKeyType !== "ec") return undefined;
  if (namedCurve === "secp384r1") return "ec-p384";
  return namedCurve === "prime256v1" ? "ec-p256" : undefined;
}

/** What @peculiar/x509 signs with: the key as webcrypto wants it, and the algorithm. */
export type Signing = {
  readonly signingKey: webcrypto.CryptoKey;
  readonly signingAlgorithm: { readonly name: string; readonly hash: string };
};

/**
 * A private key, ready to sign.
 *
 * @throws Error when the key is neither RSA nor on P-256 or P-384.
 */
export function signing(pem: string): Signing {
  const key = createPrivateKey(pem);
  const algorithm = keyAlgorithmOf(key);
  const hash = algorithm === "ec-p384" ? "SHA-384" : "SHA-256";
  const [name, curve] = algorithm?.startsWith("rsa")
    ? ["RSASSA-PKCS1-v1_5", { hash }]
    : ["ECDSA", { namedCurve: algorithm === "ec-p384" ? "P-384" : "P-256" }];
  return {
    signingKey: key.toCryptoKey({ name, ...curve }, false, ["sign"]),
    signingAlgorithm: { name, hash },
  };
}
