import { createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject, webcrypto } from "node:crypto";
import { promisify } from "node:util";

/** RSA with a 2048-bit modulus, or ECDSA on the curve P-256. Both sign with SHA-256. */
export type KeyAlgorithm = "rsa-2048" | "ec-p256";

const generate = promisify(generateKeyPair);

/** Makes a new private key. */
export async function generatePrivateKey(algorithm: KeyAlgorithm): Promise<KeyObject> {
  const pair =
    algorithm === "rsa-2048"
      ? await generate("rsa", { modulusLength: 2048 })
      : await generate("ec", { namedCurve: "P-256" });
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

/**
 * The same key as webcrypto wants it, ready to sign with SHA-256.
 *
 * @throws Error when the key is neither RSA nor P-256.
 */
export function signingKey(pem: string): webcrypto.CryptoKey {
  const key = createPrivateKey(pem);
  const algorithm =
    key.asymmetricKeyType === "rsa"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : { name: "ECDSA", namedCurve: "P-256" };
  return key.toCryptoKey(algorithm, false, ["sign"]);
}
