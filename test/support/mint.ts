/** Certificates that no sound authority issues: weak keys, old digests, odd names, any extension. Real keys, real signatures. */
import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { childrenOf, readElement, tags } from "@sallyport/identity/der";
import { nameOf, oid, sequence, tlv, utcTime, utf8, type DerAttribute } from "../../packages/identity/src/testing/der.ts"; // prettier-ignore
import type { Identity } from "./test-authority.ts";

export type Keys = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

export type MintRequest = {
  /** The CN, or RDNs. */
  readonly subject: string | readonly (readonly DerAttribute[])[];
  /** Who signs; the certificate itself, unless given. */
  readonly issuer?: Identity;
  /** New ones of P-256, unless given. */
  readonly keys?: Keys;
  /** SHA-256, unless given. */
  readonly digest?: "sha1" | "md5";
  /** Whole Extension elements. */
  readonly extensions?: readonly Buffer[];
  readonly version?: 1 | 3;
  readonly notAfter?: Date;
};

const minute = 60 * 1000;
const signatures = {
  ec: { sha256: "1.2.840.10045.4.3.2", sha1: "1.2.840.10045.4.1", md5: "" },
  rsa: { sha256: "1.2.840.113549.1.1.11", sha1: "1.2.840.113549.1.1.5", md5: "1.2.840.113549.1.1.4" },
} as const;

/** @returns the certificate with its key; as an issuer it signs whatever it is asked to, whether it may or not */
export function mint(request: MintRequest): Identity {
  const { subject, issuer, keys = ecKeys(), digest = "sha256", extensions = [], version = 3 } = request;
  const signer = issuer ? createPrivateKey(issuer.key) : keys.privateKey;
  const kind = signer.asymmetricKeyType === "rsa" ? "rsa" : "ec";
  const algorithm = sequence(oid(signatures[kind][digest]), ...(kind === "rsa" ? [tlv(5)] : []));
  const own = nameOf(typeof subject === "string" ? [[["2.5.4.3", utf8(subject)]]] : subject);
  const time = (instant: Date) => utcTime(instant.toISOString().replace(/^..|[-:T]|\.\d+/g, ""));
  const tbs = sequence(
    ...(version === 3 ? [tlv(0xa0, tlv(2, Buffer.of(2)))] : []),
    tlv(2, Buffer.of(0x40), randomBytes(15)),
    algorithm,
    issuer ? subjectOf(issuer) : own,
    sequence(
      time(new Date(Date.now() - 5 * minute)),
      time(request.notAfter ?? new Date(Date.now() + 60 * minute)),
    ),
    own,
    keys.publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length > 0 ? [tlv(0xa3, sequence(...extensions))] : []),
  );
  const der = sequence(tbs, algorithm, tlv(3, Buffer.of(0), sign(digest, tbs, signer)));
  const base64 = der.toString("base64").replaceAll(/.{1,64}/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`,
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** @param explicit whether the curve is spelt out instead of named */
export function ecKeys(namedCurve = "P-256", paramEncoding: "named" | "explicit" = "named"): Keys {
  return generateKeyPairSync("ec", { namedCurve, paramEncoding });
}

export function rsaKeys(modulusLength: number): Keys {
  return generateKeyPairSync("rsa", { modulusLength });
}

/** The leaf with authorities behind it, as a client sends them. */
export function chained({ cert, key }: Identity, ...authorities: readonly Pick<Identity, "cert">[]): Identity {
  return { cert: [cert, ...authorities.map((authority) => authority.cert)].join(""), key };
}

/** The DER of the first certificate of a PEM text. */
export function derOf({ cert }: Pick<Identity, "cert">): Buffer {
  const [, base64 = ""] = /-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(cert) ?? [];
  return Buffer.from(base64, "base64");
}

function subjectOf(issuer: Identity): Buffer {
  const [tbs] = childrenOf(readElement(derOf(issuer)), tags.sequence);
  const fields = tbs ? childrenOf(tbs, tags.sequence) : [];
  const subject = fields[fields[0]?.tag === tags.version ? 5 : 4];
  if (subject === undefined) throw new Error("an issuer without a subject");
  return subject.encoded;
}
