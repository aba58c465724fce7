/** How a `.p12` is enciphered and sealed: two ways that differ in everything but their shape. */
import { createCipheriv, createHmac, hash, pbkdf2Sync, randomBytes } from "node:crypto";
import { identifier, integer, nothing, octetString, sequence, utf16 } from "./der.ts";
import type { Node } from "./der.ts";

/** The AlgorithmIdentifier, and what came out. */
export type Enciphered = { readonly algorithm: Node; readonly octets: Buffer };

export type Pkcs12Encryption = {
  readonly encipher: (plain: Uint8Array, password: string) => Enciphered;
  readonly digest: "sha1" | "sha256";
  readonly iterations: number;
};

const [keyPurpose, ivPurpose, macPurpose] = [1, 2, 3] as const;

/** PBES2 with PBKDF2, HMAC-SHA-256 and AES-256-CBC (RFC 8018): what OpenSSL 3 and Windows 10 write today. */
const modern: Pkcs12Encryption = {
  digest: "sha256",
  iterations: 50_000,
  encipher(plain, password) {
    const [salt, iv] = [randomBytes(16), randomBytes(16)];
    const cipher = createCipheriv(
      "aes-256-cbc",
      pbkdf2Sync(password, salt, modern.iterations, 32, "sha256"),
      iv,
    );
    const prf = sequence(identifier("1.2.840.113549.2.9"), nothing()); // HMAC-SHA-256
    const derivation = sequence(octetString(salt), integer(modern.iterations), integer(32), prf);
    const algorithm = sequence(
      identifier("1.2.840.113549.1.5.13"), // PBES2
      sequence(
        sequence(identifier("1.2.840.113549.1.5.12"), derivation), // PBKDF2
        sequence(identifier("2.16.840.1.101.3.4.1.42"), octetString(iv)), // AES-256-CBC
      ),
    );
    return { algorithm, octets: Buffer.concat([cipher.update(plain), cipher.final()]) };
  },
};

/** pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C): what everything reads. */
const legacy: Pkcs12Encryption = {
  digest: "sha1",
  iterations: 10_000,
  encipher(plain, password) {
    const derivation = { ...legacy, password, salt: randomBytes(8) };
    const key = deriveKey({ ...derivation, purpose: keyPurpose, length: 24 });
    const cipher = createCipheriv(
      "des-ede3-cbc",
      key,
      deriveKey({ ...derivation, purpose: ivPurpose, length: 8 }),
    );
    const parameters = sequence(octetString(derivation.salt), integer(legacy.iterations));
    const algorithm = sequence(identifier("1.2.840.113549.1.12.1.3"), parameters);
    return { algorithm, octets: Buffer.concat([cipher.update(plain), cipher.final()]) };
  },
};

export const pkcs12Encryptions = { modern, legacy } as const;

/** How the file's MAC is made: HMAC under a key of its own. */
export type Sealing = {
  readonly digest: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly password: string;
};

/** The MAC over the content of a file (RFC 7292 section 5.1). */
export function sealOf(content: Uint8Array, sealing: Sealing): Buffer {
  const length = hash(sealing.digest, "", "buffer").length;
  return createHmac(sealing.digest, deriveKey({ ...sealing, purpose: macPurpose, length }))
    .update(content)
    .digest();
}

type Derivation = Sealing & { readonly purpose: 1 | 2 | 3; readonly length: number };

const block = 64; // octets that SHA-1 and SHA-256 take in at a time

/** RFC 7292 appendix B.2, for keys that one round of the hash is long enough for, or two. */
function deriveKey({ digest, salt, iterations, password, purpose, length }: Derivation): Buffer {
  const secret = Buffer.concat([utf16(password), Buffer.alloc(2)]);
  const blocks = Buffer.concat([filled(salt), filled(secret)]);
  let output = Buffer.alloc(0);
  for (;;) {
    let round = hash(digest, Buffer.concat([Buffer.alloc(block, purpose), blocks]), "buffer");
    for (let count = 1; count < iterations; count += 1) round = hash(digest, round, "buffer");
    output = Buffer.concat([output, round]);
    if (output.length >= length) return output.subarray(0, length);
    addToEach(blocks, filled(round).subarray(0, block));
  }
}

/** Repeated until whole blocks are full. */
function filled(octets: Uint8Array): Buffer {
  return Buffer.alloc(Math.ceil(octets.length / block) * block, octets);
}

/** Adds a number, and one more, to each block, as if a block were one too. */
function addToEach(blocks: Buffer, number: Buffer): void {
  for (let start = 0; start < blocks.length; start += block) {
    let carry = 1;
    for (let at = block - 1; at >= 0; at -= 1) {
      carry += blocks.readUInt8(start + at) + number.readUInt8(at);
      blocks.writeUInt8(carry & 0xff, start + at);
      carry >>= 8;
    }
  }
}
