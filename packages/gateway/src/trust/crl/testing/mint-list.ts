/** Revocation lists octet by octet: what no authority would sign, and long ones. */
import { createPrivateKey, sign, X509Certificate } from "node:crypto";
import type { Issued } from "@sallyport/certs";
import { childrenOf, readElement, tags } from "@sallyport/identity/der";
import { oid, sequence, tlv, utcTime } from "@sallyport/identity/testing/der";

export type ListFields = {
  readonly issuer: Pick<Issued, "certificatePem" | "privateKeyPem">;
  /** The whole DER of the Name; the issuer's own, unless given. */
  readonly name?: Buffer;
  readonly version?: 1 | 2;
  readonly thisUpdate?: Date;
  /** A day from now, unless given; `null` leaves it out. */
  readonly nextUpdate?: Date | null;
  /** Whole entries. */
  readonly entries?: readonly Buffer[];
  /** Whole Extension elements. */
  readonly extensions?: readonly Buffer[];
  /** AlgorithmIdentifiers: what was signed says the first, the signature the second. */
  readonly algorithms?: readonly [inner: Buffer, outer: Buffer];
  readonly hash?: string;
};

export const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
const day = 24 * 60 * 60 * 1000;

export const time = (date: Date): Buffer =>
  utcTime(
    date
      .toISOString()
      .replace(/[-:T]|\.\d+/g, "")
      .slice(2),
  );

/** The issuer's key has to be one for ECDSA. */
export function mintList(fields: ListFields): Buffer {
  const {
    issuer,
    version = 2,
    thisUpdate = new Date(),
    entries = [],
    extensions = [],
    hash = "sha256",
  } = fields;
  const { nextUpdate = new Date(Date.now() + day), algorithms = [ecdsaWithSha256, ecdsaWithSha256] } = fields;
  const tbs = sequence(
    ...(version === 2 ? [tlv(tags.integer, Buffer.from([1]))] : []),
    algorithms[0],
    fields.name ?? subjectOf(issuer.certificatePem),
    time(thisUpdate),
    ...(nextUpdate ? [time(nextUpdate)] : []),
    ...(entries.length > 0 ? [sequence(Buffer.concat(entries))] : []),
    ...(extensions.length > 0 ? [tlv(0xa0, sequence(...extensions))] : []),
  );
  const signature = sign(hash, tbs, createPrivateKey(issuer.privateKeyPem));
  return sequence(tbs, algorithms[1], tlv(3, Buffer.from([0]), signature));
}

/** @param serial the INTEGER's content octets */
export function entryOf(
  serial: Buffer,
  date = new Date("2026-01-02T03:04:05Z"),
  ...extensions: readonly Buffer[]
): Buffer {
  return sequence(
    tlv(tags.integer, serial),
    time(date),
    ...(extensions.length > 0 ? [sequence(...extensions)] : []),
  );
}

export function extensionOf(type: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(type), ...(critical ? [tlv(1, Buffer.from([0xff]))] : []), tlv(4, value));
}

export const crlNumber = (number: number): Buffer =>
  extensionOf("2.5.29.20", false, tlv(tags.integer, Buffer.from([number])));
export const issuingDistributionPoint = (...fields: readonly Buffer[]): Buffer =>
  extensionOf("2.5.29.28", true, sequence(...fields));
export const distributionPoint = (...uris: readonly string[]): Buffer =>
  tlv(0xa0, tlv(0xa0, ...uris.map((uri) => tlv(0x86, Buffer.from(uri)))));

function subjectOf(pem: string): Buffer {
  const [tbs] = childrenOf(readElement(new X509Certificate(pem).raw), tags.sequence);
  const subject = tbs && childrenOf(tbs, tags.sequence)[5];
  if (subject === undefined) throw new Error("no subject");
  return subject.encoded;
}
