import { createCipheriv, createPrivateKey, randomBytes, scryptSync } from "node:crypto";
import { identifier, integer, octetString, sequence, toDer } from "./der.ts";

// 16 MiB of memory five times over: what OWASP's table of equals has for this much memory, and as much of it as
// OpenSSL allows itself when it reads a key
const cost = { N: 2 ** 14, r: 8, p: 5 };
const keyLength = 32;

/**
 * Encrypts a private key: PKCS#8 (RFC 5958), with PBES2, scrypt (RFC 7914 section 7) and AES-256-CBC. OpenSSL and
 * Node read it; Node itself writes no scrypt, which is why this is here.
 */
export function encryptPrivateKey(pem: string, passphrase: string): string {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const cipher = createCipheriv("aes-256-cbc", scryptSync(passphrase, salt, keyLength, cost), iv);
  const plain = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  const info = sequence(
    sequence(
      identifier("1.2.840.113549.1.5.13"), // PBES2
      sequence(
        sequence(
          identifier("1.3.6.1.4.1.11591.4.11"), // scrypt
          sequence(octetString(salt), integer(cost.N), integer(cost.r), integer(cost.p), integer(keyLength)),
        ),
        sequence(identifier("2.16.840.1.101.3.4.1.42"), octetString(iv)), // AES-256-CBC
      ),
    ),
    octetString(Buffer.concat([cipher.update(plain), cipher.final()])),
  );
  const lines = toDer(info)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

/** Does this PEM hold an encrypted key? */
export function isEncrypted(pem: string): boolean {
  return pem.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.includes("Proc-Type: 4,ENCRYPTED");
}
