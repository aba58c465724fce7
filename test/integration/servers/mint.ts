/** Certificates that no command line makes: whatever DER is asked for, signed by a key that Apache trusts. */
import { generateKeyPairSync, sign, X509Certificate, type KeyObject } from "node:crypto";
import { nameOf, oid, sequence, tlv, type DerAttribute } from "../../../packages/identity/src/testing/der.ts";

export type KeyKind = "P-256" | "P-384" | "P-521" | "RSA" | "RSA-PSS" | "Ed25519";
export type Key = { readonly kind: KeyKind; readonly publicKey: KeyObject; readonly privateKey: KeyObject };
export type SignatureKind = "ecdsa-sha256" | "ecdsa-sha384" | "ecdsa-sha512" | "rsa-sha256" | "rsa-sha512" | "rsa-pss" | "ed25519"; // prettier-ignore

export function generateKey(kind: KeyKind): Key {
  switch (kind) {
    case "RSA":
      return { kind, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
    case "RSA-PSS":
      return { kind, ...generateKeyPairSync("rsa-pss", { modulusLength: 2048 }) };
    case "Ed25519":
      return { kind, ...generateKeyPairSync("ed25519") };
    case "P-256":
    case "P-384":
    case "P-521":
      return { kind, ...generateKeyPairSync("ec", { namedCurve: kind }) };
  }
}

const none = tlv(5);
const sha256 = sequence(oid("2.16.840.1.101.3.4.2.1"), none);
const pssParameters = sequence(
  tlv(0xa0, sha256),
  tlv(0xa1, sequence(oid("1.2.840.113549.1.1.8"), sha256)),
  tlv(0xa2, tlv(2, Buffer.from([32]))),
);
const algorithms: Readonly<Record<SignatureKind, readonly [algorithm: Buffer, hash: string | null]>> = {
  "ecdsa-sha256": [sequence(oid("1.2.840.10045.4.3.2")), "sha256"],
  "ecdsa-sha384": [sequence(oid("1.2.840.10045.4.3.3")), "sha384"],
  "ecdsa-sha512": [sequence(oid("1.2.840.10045.4.3.4")), "sha512"],
  "rsa-sha256": [sequence(oid("1.2.840.113549.1.1.11"), none), "sha256"],
  "rsa-sha512": [sequence(oid("1.2.840.113549.1.1.13"), none), "sha512"],
  "rsa-pss": [sequence(oid("1.2.840.113549.1.1.10"), pssParameters), "sha256"],
  ed25519: [sequence(oid("1.3.101.112")), null],
};

export type Authority = {
  readonly subject: readonly (readonly DerAttribute[])[];
  readonly key: Key;
  readonly signature: SignatureKind;
  readonly pem: string;
};

export type Fields = {
  readonly subject: readonly (readonly DerAttribute[])[];
  /** The content octets. */
  readonly serial?: Buffer;
  readonly validity?: readonly [Buffer, Buffer];
  readonly extensions?: readonly Buffer[];
  readonly version?: 1 | 3;
};

const yearBefore = (date: Date, years: number) =>
  tlv(24, Buffer.from(`${date.getUTCFullYear() + years}0203040506Z`));
const validity = [yearBefore(new Date(), -1), yearBefore(new Date(), 5)] as const;

/** @returns PEM */
export function mint(
  { subject, serial = Buffer.from([1]), validity: dates = validity, extensions = [], version = 3 }: Fields,
  key: Key,
  issuer: Pick<Authority, "subject" | "key" | "signature">,
): string {
  const [algorithm, hash] = algorithms[issuer.signature];
  const tbs = sequence(
    ...(version === 3 ? [tlv(0xa0, tlv(2, Buffer.from([2])))] : []),
    tlv(2, serial),
    algorithm,
    nameOf(issuer.subject),
    sequence(...dates),
    nameOf(subject),
    key.publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length > 0 ? [tlv(0xa3, sequence(...extensions))] : []),
  );
  const pss = issuer.signature === "rsa-pss" ? { padding: 6, saltLength: 32 } : {};
  const signature = sign(hash, tbs, { key: issuer.key.privateKey, ...pss });
  return new X509Certificate(sequence(tbs, algorithm, tlv(3, Buffer.from([0]), signature))).toString();
}

/** basicConstraints, critical, cA TRUE. */
const isAuthority = sequence(
  oid("2.5.29.19"),
  tlv(1, Buffer.from([0xff])),
  tlv(4, sequence(tlv(1, Buffer.from([0xff])))),
);

export function mintAuthority(
  subject: Authority["subject"],
  key: Key,
  signature: SignatureKind,
  issuer: Pick<Authority, "subject" | "key" | "signature"> = { subject, key, signature },
): Authority {
  return { subject, key, signature, pem: mint({ subject, extensions: [isAuthority] }, key, issuer) };
}
