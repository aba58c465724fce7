import type { KeyAlgorithm } from "./key-pair.ts";

/** RFC 5280 section 4.2.1.3, the bits this authority sets. */
export type KeyUsage = "digitalSignature" | "keyEncipherment" | "keyCertSign" | "cRLSign";

/** Object identifiers for the extendedKeyUsage extension, RFC 5280 section 4.2.1.12. */
export const extendedKeyUsages = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
} as const;

/** What one kind of certificate may do, and for how long. */
export type Profile = {
  /** Length of the validity period, in days of 24 hours. */
  readonly days: number;
  readonly keyAlgorithm: KeyAlgorithm;
  /** basicConstraints cA: may this key sign other certificates? */
  readonly authority: boolean;
  /** basicConstraints pathLenConstraint: how many authorities may stand between this one and an end entity. */
  readonly pathLength?: number;
  /** keyEncipherment is left out of certificates for keys that cannot encipher, whatever stands here. */
  readonly keyUsage: readonly KeyUsage[];
  /** Object identifiers; an empty list leaves the extension out, which means "any purpose". */
  readonly extendedKeyUsage: readonly string[];
};

/** An authority signs certificates, and the revocation lists for them. */
const authority = {
  days: 1024,
  keyAlgorithm: "rsa-2048",
  authority: true,
  keyUsage: ["keyCertSign", "cRLSign"],
  extendedKeyUsage: [],
} as const satisfies Profile;

/** Somebody who signs nothing but handshakes. */
const endEntity = {
  days: 500,
  keyAlgorithm: "rsa-2048",
  authority: false,
  keyUsage: ["digitalSignature"],
} as const;

/** One entry per kind of certificate; a new kind is a new entry. */
export const profiles = {
  root: authority,
  intermediate: { ...authority, pathLength: 0 },
  server: {
    ...endEntity,
    // TLS 1.2's RSA key exchange enciphers the secret with the server's key
    keyUsage: ["digitalSignature", "keyEncipherment"],
    extendedKeyUsage: [extendedKeyUsages.serverAuth],
  },
  client: { ...endEntity, extendedKeyUsage: [extendedKeyUsages.clientAuth] },
} as const satisfies Record<string, Profile>;
