/** A small DER writer (X.690) for tests: certificates whose names, serials and dates no command-line tool would mint. */
import { generateKeyPairSync, sign } from "node:crypto";

export function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  let hex = content.length.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const octets = Buffer.from(hex, "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | octets.length]), octets, content]);
}

export const sequence = (...contents: readonly Buffer[]): Buffer => tlv(0x30, ...contents);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const arcs = [first * 40 + second, ...rest].map((arc) => {
    const octets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      octets.unshift((left % 128) | 0x80);
    }
    return Buffer.from(octets);
  });
  return tlv(6, ...arcs);
}

/** Character string tags. */
export const stringTags = {
  utf8: 12, numeric: 18, printable: 19, t61: 20, ia5: 22, visible: 26, general: 27, universal: 28, bmp: 30,
} as const; // prettier-ignore

/** One AttributeTypeAndValue: a dotted OID and the whole DER of its value. */
export type DerAttribute = readonly [type: string, value: Buffer];

export const utf8 = (text: string): Buffer => tlv(stringTags.utf8, Buffer.from(text));

/** A Name; the RDNs' attributes are written in the order given, sorted or not. */
export function nameOf(rdns: readonly (readonly DerAttribute[])[]): Buffer {
  return sequence(...rdns.map((rdn) => tlv(0x31, ...rdn.map(([type, value]) => sequence(oid(type), value)))));
}

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));

export type CertificateFields = {
  readonly subject?: readonly (readonly DerAttribute[])[];
  readonly issuer?: readonly (readonly DerAttribute[])[];
  /** The content octets of the serial number. */
  readonly serial?: Buffer;
  /** The whole DER of each of the two times. */
  readonly validity?: readonly [Buffer, Buffer];
  /** A version 1 certificate has no version field. */
  readonly version?: 1 | 3;
  /** Whole Extension elements. */
  readonly extensions?: readonly Buffer[];
};

const testIssuer = [[["2.5.4.3", utf8("Test Authority")] as const]];

/** A certificate that is well-formed and signed, by a key made for this run. */
export function mintCertificate({
  subject = [[["2.5.4.3", utf8("Test Subject")]]],
  issuer = testIssuer,
  serial = Buffer.from([1]),
  validity = [utcTime("260101000000Z"), utcTime("360101000000Z")],
  version = 3,
  extensions = [],
}: CertificateFields): Buffer {
  const tbs = sequence(
    ...(version === 3 ? [tlv(0xa0, tlv(2, Buffer.from([2])))] : []),
    tlv(2, serial),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(...validity),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length > 0 ? [tlv(0xa3, sequence(...extensions))] : []),
  );
  return sequence(tbs, ecdsaWithSha256, tlv(3, Buffer.from([0]), sign("sha256", tbs, privateKey)));
}

export const utcTime = (text: string): Buffer => tlv(23, Buffer.from(text));
export const generalizedTime = (text: string): Buffer => tlv(24, Buffer.from(text));

/** The SubjectAltName extension; each name is a whole GeneralName. */
export const subjectAltName = (...names: readonly Buffer[]): Buffer =>
  sequence(oid("2.5.29.17"), tlv(4, sequence(...names)));

/** GeneralNames, from the content of their strings. */
export const generalNames = {
  email: (text: string) => tlv(0x81, Buffer.from(text, "latin1")),
  dns: (text: string) => tlv(0x82, Buffer.from(text, "latin1")),
  uri: (text: string) => tlv(0x86, Buffer.from(text, "latin1")),
  ip: (...octets: readonly number[]) => tlv(0x87, Buffer.from(octets)),
  /** @param value the whole DER of the name */
  other: (type: string, value: Buffer) => tlv(0xa0, oid(type), tlv(0xa0, value)),
} as const;

export const userPrincipalName = "1.3.6.1.4.1.311.20.2.3";
