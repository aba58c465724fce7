/**
 * Issues X.509 version 3 certificates in memory (RFC 5280). Touches no file.
 *
 * What comes out is exactly what was asked for: nothing here checks that the request makes sense, so that tests can
 * ask for expired certificates, odd names and authorities that are none.
 */
import { createPublicKey } from "node:crypto";
import * as x509 from "./x509.ts";
import { generatePrivateKey, privateKeyPem, publicKeyInfo, signing } from "./key-pair.ts";
import type { KeyAlgorithm } from "./key-pair.ts";
import { profiles } from "./profiles.ts";
import type { KeyUsage, Profile } from "./profiles.ts";
import { distinguishedName } from "./subject.ts";
import type { Subject } from "./subject.ts";

/** A certificate and its private key (PKCS#8). An authority is the same thing with a profile that may sign. */
export type Issued = {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly der: Uint8Array;
};

/** One subjectAltName entry. */
export type AlternativeName = {
  readonly type: "dns" | "ip" | "email" | "url" | "upn";
  readonly value: string;
};

/** Any extension. `value` is the DER of what the extension's OCTET STRING holds. */
export type RawExtension = {
  readonly type: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
};

/** What to issue. Everything optional comes from the profile, `profiles.client` unless one is given. */
export type CertificateRequest = {
  /** Attributes, or the DER of a whole name, which is taken as it is. */
  readonly subject: Subject | Uint8Array;
  /** Who signs; without one the certificate signs itself. */
  readonly issuer?: Pick<Issued, "certificatePem" | "privateKeyPem">;
  readonly profile?: Profile;
  readonly alternativeNames?: readonly AlternativeName[];
  /** Hexadecimal digits; random, unless given. */
  readonly serialNumber?: string;
  /** Five minutes ago, unless given. */
  readonly notBefore?: Date;
  /** The profile's days from now, unless given. Seconds count, milliseconds are dropped. */
  readonly notAfter?: Date;
  /** Object identifiers; an empty list leaves the extension out. */
  readonly extendedKeyUsage?: readonly string[];
  readonly pathLength?: number;
  readonly keyAlgorithm?: KeyAlgorithm;
  /** Behind all others. */
  readonly extensions?: readonly RawExtension[];
};

/** An extension as @peculiar/x509 writes it. */
export function rawExtension({ type, critical = false, value }: RawExtension): x509.Extension {
  return new x509.Extension(type, critical, new Uint8Array(value));
}

const day = 24 * 60 * 60 * 1000;
// the machine that reads the certificate may have a clock that is a little behind this one's
const clockSkew = 5 * 60 * 1000;

/** The end of a validity period that starts now and lasts so many days. */
export function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * day);
}

/** Makes a key pair and has its certificate signed. */
export async function issueCertificate(request: CertificateRequest): Promise<Issued> {
  const key = await generatePrivateKey(profileOf(request).keyAlgorithm);
  const ownPem = privateKeyPem(key);
  const signer = request.issuer?.privateKeyPem ?? ownPem;
  return { ...(await signCertificate(request, publicKeyInfo(key), signer)), privateKeyPem: ownPem };
}

/** Signs a certificate for a key that somebody else keeps, given as SubjectPublicKeyInfo in DER. */
export async function signCertificate(
  request: CertificateRequest,
  publicKey: Uint8Array<ArrayBuffer>,
  signerPem: string,
): Promise<Omit<Issued, "privateKeyPem">> {
  const profile = profileOf(request);
  const subject =
    request.subject instanceof Uint8Array
      ? new x509.Name(new Uint8Array(request.subject))
      : distinguishedName(request.subject);
  const issuer = request.issuer && new x509.X509Certificate(request.issuer.certificatePem);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: request.serialNumber ?? randomSerialNumber(),
    subject,
    issuer: issuer?.subjectName ?? subject,
    notBefore: request.notBefore ?? new Date(Date.now() - clockSkew),
    notAfter: request.notAfter ?? daysFromNow(profile.days),
    publicKey,
    ...signing(signerPem),
    extensions: [
      new x509.BasicConstraintsExtension(profile.authority, profile.pathLength, true),
      new x509.KeyUsagesExtension(keyUsageFlags(profile, publicKey), true),
      ...(profile.extendedKeyUsage.length > 0
        ? [new x509.ExtendedKeyUsageExtension([...profile.extendedKeyUsage])]
        : []),
      ...(request.alternativeNames?.length
        ? [new x509.SubjectAlternativeNameExtension([...request.alternativeNames])]
        : []),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? publicKey),
      ...(request.extensions ?? []).map(rawExtension),
    ],
  });
  return { certificatePem: `${certificate.toString("pem")}\n`, der: new Uint8Array(certificate.rawData) };
}

/** A request for a certificate that may sign others; the profile is the authority's own. */
export type AuthorityRequest = Omit<CertificateRequest, "profile" | "alternativeNames">;

/** A root, or with an `issuer` an intermediate authority (pathLength 0, unless told otherwise). */
export function createAuthority(request: AuthorityRequest): Promise<Issued> {
  return issueCertificate({ ...request, profile: request.issuer ? profiles.intermediate : profiles.root });
}

/**
 * A random serial number of 128 bits. RFC 5280 section 4.1.2.2 wants a positive number of at most 20
 * octets: the two top bits are fixed, so that it is one of exactly 16.
 */
export function randomSerialNumber(): string {
  const octets = crypto.getRandomValues(Buffer.alloc(16));
  octets.writeUInt8((octets.readUInt8(0) & 0x7f) | 0x40, 0);
  return octets.toString("hex");
}

function profileOf(request: CertificateRequest): Profile {
  const { profile = profiles.client, extendedKeyUsage, pathLength, keyAlgorithm } = request;
  return {
    ...profile,
    ...(extendedKeyUsage && { extendedKeyUsage }),
    ...(pathLength !== undefined && { pathLength }),
    ...(keyAlgorithm && { keyAlgorithm }),
  };
}

function keyUsageFlags({ keyUsage }: Profile, publicKey: Uint8Array<ArrayBuffer>): x509.KeyUsageFlags {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
  // RFC 8813 section 3: a certificate for an EC key must not promise to encipher
  const possible = (usage: KeyUsage) => usage !== "keyEncipherment" || key.asymmetricKeyType === "rsa";
  const flags = keyUsage.filter(possible).map((usage) => x509.KeyUsageFlags[usage]);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- flags joined are flags
  return flags.reduce<number>((all, flag) => all | flag, 0);
}
