/** An authority that issues whatever it is asked to: with these keys, dates, extensions and serial numbers. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { readCertificate, type Certificate } from "@sallyport/identity";
import { nameOf, oid, sequence, tlv, utcTime, utf8 } from "@sallyport/identity/testing/der";

/** A certificate with its private key. */
export type Holder = { readonly certificate: Certificate; readonly key: KeyObject };

export type Wish = {
  readonly commonName: string;
  /** Itself, unless given. */
  readonly issuer?: Holder;
  /** The content octets of the serial number; random, unless given. */
  readonly serial?: Buffer;
  /** Whole Extension elements. */
  readonly extensions?: readonly Buffer[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** A new key of P-256, unless given. */
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
};

const day = 24 * 60 * 60_000;
const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
const commonNameOf = ({ certificate }: Holder) =>
  certificate.subject.flatMap((rdn) => rdn.map(({ value }) => value ?? "")).join("");
const utc = (date: Date) => utcTime(date.toISOString().replace(/^..|[-:T]|\.\d+/g, ""));

/** Every name is one common name. Keys are of P-256, unless given. */
export function issue(wish: Wish): Holder {
  const { commonName, issuer, extensions = [] } = wish;
  const { publicKey, privateKey } = wish.keys ?? generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = (text: string) => nameOf([[["2.5.4.3", utf8(text)]]]);
  const tbs = sequence(
    tlv(0xa0, tlv(2, Buffer.from([2]))),
    tlv(2, wish.serial ?? Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ecdsaWithSha256,
    name(issuer ? commonNameOf(issuer) : commonName),
    sequence(
      utc(wish.notBefore ?? new Date(Date.now() - day)),
      utc(wish.notAfter ?? new Date(Date.now() + 30 * day)),
    ),
    name(commonName),
    publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length > 0 ? [tlv(0xa3, sequence(...extensions))] : []),
  );
  const signature = sign("sha256", tbs, issuer?.key ?? privateKey);
  const der = sequence(tbs, ecdsaWithSha256, tlv(3, Buffer.from([0]), signature));
  return { certificate: readCertificate(der), key: privateKey };
}

/** An Extension that is not critical. @param value its whole DER */
export const extension = (type: string, value: Buffer): Buffer => sequence(oid(type), tlv(4, value));

/** AuthorityInfoAccess with one address of an OCSP responder. */
export const ocspAt = (url: string, method = "1.3.6.1.5.5.7.48.1"): Buffer =>
  extension("1.3.6.1.5.5.7.1.1", sequence(sequence(oid(method), tlv(0x86, Buffer.from(url)))));

export const extendedKeyUsage = (...purposes: readonly string[]): Buffer =>
  extension("2.5.29.37", sequence(...purposes.map(oid)));
