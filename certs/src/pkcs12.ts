import { createPrivateKey, hash, randomBytes, timingSafeEqual, X509Certificate } from "node:crypto";
import {
  at,
  bmpString,
  contentOf,
  explicit,
  fromDer,
  identifier,
  identifierIn,
  implicitOctets,
  integer,
  nothing,
  octetString,
  sequence,
  setOf,
  toDer,
} from "./der.ts";
import type { Node } from "./der.ts";
import { pkcs12Encryptions, sealOf } from "./pkcs12-encryption.ts";

/** What goes into a `.p12`: one key, its certificate, and the certificates above it. */
export type Pkcs12Contents = {
  /** PKCS#8, of any kind. */
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  /** The authorities above the certificate, nearest first. */
  readonly chainPem: readonly string[];
  /** What keychains and `pk12util -L` list it as. */
  readonly friendlyName: string;
  readonly password: string;
  /** `legacy`, unless given. */
  readonly encryption?: "modern" | "legacy";
};

const types = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  x509Certificate: "1.2.840.113549.1.9.22.1",
  friendlyName: "1.2.840.113549.1.9.20",
  localKeyId: "1.2.840.113549.1.9.21",
} as const;

const digests = { sha1: "1.3.14.3.2.26", sha256: "2.16.840.1.101.3.4.2.1" } as const;

/**
 * Writes a PKCS#12 file (RFC 7292).
 *
 * `modern` is AES-256 with SHA-256, which OpenSSL, NSS, Windows since 2018 and current Apple systems read. `legacy` is
 * three-key triple DES with SHA-1: macOS, Windows and Android of before then refuse anything newer, and OpenSSL 3
 * refuses the RC2 that they once wrote; this pair is what all of them open. It withstands little: whoever has the file
 * has many guesses at its password, so let that be a long one, and the file short-lived.
 */
export function createPkcs12(contents: Pkcs12Contents): Uint8Array {
  const { password, friendlyName } = contents;
  const { encipher, digest, iterations } = pkcs12Encryptions[contents.encryption ?? "legacy"];
  const own = new X509Certificate(contents.certificatePem).raw;
  const attributes = setOf(
    sequence(identifier(types.friendlyName), setOf(bmpString(friendlyName))),
    sequence(identifier(types.localKeyId), setOf(octetString(hash("sha1", own, "buffer")))),
  );
  const above = contents.chainPem.map((pem) => certificateBag(new X509Certificate(pem).raw));
  const certificates = encipher(toDer(sequence(certificateBag(own, attributes), ...above)), password);
  const key = createPrivateKey(contents.privateKeyPem).export({ type: "pkcs8", format: "der" });
  const shrouded = encipher(key, password);
  const keyInfo = sequence(shrouded.algorithm, octetString(shrouded.octets));
  const keys = sequence(sequence(identifier(types.shroudedKeyBag), explicit(keyInfo), attributes));
  const content = toDer(sequence(encryptedContent(certificates), dataContent(toDer(keys))));
  const salt = randomBytes(16);
  const seal = sealOf(content, { digest, iterations, salt, password });
  const digestInfo = sequence(sequence(identifier(digests[digest]), nothing()), octetString(seal));
  const macData = sequence(digestInfo, octetString(salt), integer(iterations));
  return toDer(sequence(integer(3), dataContent(content), macData));
}

/** Is this a PKCS#12 file that this password opens? Asks its MAC, and nothing behind it. */
export function opensPkcs12(file: Uint8Array, password: string): boolean {
  try {
    const pfx = fromDer(file);
    const content = contentOf(at(pfx, 1, 1, 0));
    const macData = at(pfx, 2);
    const digest = Object.entries(digests).find(([, oid]) => oid === identifierIn(at(macData, 0, 0, 0)))?.[0];
    if (digest === undefined) return false;
    const iterations = contentOf(at(macData, 2)).readUIntBE(0, contentOf(at(macData, 2)).length);
    const seal = sealOf(content, { digest, iterations, salt: contentOf(at(macData, 1)), password });
    return timingSafeEqual(seal, contentOf(at(macData, 0, 1)));
  } catch {
    return false;
  }
}

function certificateBag(der: Uint8Array, ...attributes: readonly Node[]): Node {
  const bag = sequence(identifier(types.x509Certificate), explicit(octetString(der)));
  return sequence(identifier(types.certificateBag), explicit(bag), ...attributes);
}

function dataContent(octets: Uint8Array): Node {
  return sequence(identifier(types.data), explicit(octetString(octets)));
}

function encryptedContent({ algorithm, octets }: { algorithm: Node; octets: Uint8Array }): Node {
  const info = sequence(identifier(types.data), algorithm, implicitOctets(octets));
  return sequence(identifier(types.encryptedData), explicit(sequence(integer(0), info)));
}
