/**
 * Signs certificate revocation lists in memory (RFC 5280 section 5). Touches no file.
 *
 * What comes out is exactly what was asked for, as with certificates: lists that have run out, deltas and lists for
 * part of the certificates only are all one request away.
 */
import * as x509 from "./x509.ts";
import { daysFromNow, rawExtension, type Issued, type RawExtension } from "./authority.ts";
import { signing } from "./key-pair.ts";

/** RFC 5280 section 5.3.1. */
export type RevocationReason = Exclude<keyof typeof x509.X509CrlReason, "unspecified">;

export type RevokedCertificate = {
  /** Hexadecimal digits, as `X509Certificate` and OpenSSL print them. */
  readonly serialNumber: string;
  /** Now, unless given. */
  readonly date?: Date;
  /** Without one there is no reasonCode extension. */
  readonly reason?: RevocationReason;
  readonly extensions?: readonly RawExtension[];
};

/** What to sign. */
export type RevocationListRequest = {
  readonly issuer: Pick<Issued, "certificatePem" | "privateKeyPem">;
  /** The cRLNumber; without one there is no such extension. */
  readonly number?: number;
  /** Now, unless given. Seconds count, milliseconds are dropped. */
  readonly thisUpdate?: Date;
  /** A week from now, unless given; `null` leaves the field out. */
  readonly nextUpdate?: Date | null;
  /** Each serial number once. */
  readonly revoked?: readonly RevokedCertificate[];
  /** Behind authorityKeyIdentifier and cRLNumber. */
  readonly extensions?: readonly RawExtension[];
};

const cRLNumber = "2.5.29.20";
const defaultDays = 7;

/** @throws Error when a serial number is there twice */
export async function createRevocationList(
  request: RevocationListRequest,
): Promise<{ pem: string; der: Uint8Array }> {
  const { issuer, number, nextUpdate = daysFromNow(defaultDays) } = request;
  const certificate = new x509.X509Certificate(issuer.certificatePem);
  const list = await x509.X509CrlGenerator.create({
    issuer: certificate.subjectName,
    thisUpdate: request.thisUpdate ?? new Date(),
    ...(nextUpdate && { nextUpdate }),
    entries: (request.revoked ?? []).map((entry) => ({
      serialNumber: entry.serialNumber,
      revocationDate: entry.date ?? new Date(),
      ...(entry.reason && { reason: x509.X509CrlReason[entry.reason] }),
      ...(entry.extensions && { extensions: entry.extensions.map(rawExtension) }),
    })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(certificate.publicKey),
      ...(number === undefined ? [] : [rawExtension({ type: cRLNumber, value: integer(number) })]),
      ...(request.extensions ?? []).map(rawExtension),
    ],
    ...signing(issuer.privateKeyPem),
  });
  // the library's own label is CRL, which OpenSSL does not know (RFC 7468 section 7)
  return {
    pem: `${x509.PemConverter.encode(list.rawData, "X509 CRL")}\n`,
    der: new Uint8Array(list.rawData),
  };
}

/** A number that is not negative, as an INTEGER in DER. */
function integer(value: number): Uint8Array {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  const sign = octets.readUInt8(0) < 0x80 ? [] : [0];
  return Buffer.from([0x02, sign.length + octets.length, ...sign, ...octets]);
}
