/** Revocation lists of a length that no library makes in reasonable time: the DER is written by hand. */
import { createPrivateKey, randomFillSync, sign } from "node:crypto";
import type { Issued } from "@sallyport/certs";
import { childrenOf, readElement, tags } from "@sallyport/identity/der";
import { oid, sequence, tlv, utcTime } from "../../packages/identity/src/testing/der.ts";

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
/** SEQUENCE { INTEGER of 16 octets, UTCTime }. */
const entryLength = 35;
const time = (instant: number) => utcTime(new Date(instant).toISOString().replace(/^..|[-:T]|\.\d+/g, ""));

/**
 * @param issuer an authority with an EC key
 * @param number the cRLNumber, up to 127
 * @param entries how many certificates it names: random ones, and
 * @param serials these among them, in hexadecimal digits, of 16 octets each
 * @returns DER
 */
export function longList(
  issuer: Issued,
  number: number,
  entries: number,
  serials: readonly string[],
): Buffer {
  const names = Buffer.alloc(entries * 16);
  randomFillSync(names);
  const list = Buffer.alloc(entries * entryLength);
  const entry = Buffer.concat([
    Buffer.of(0x30, entryLength - 2, 0x02, 16),
    Buffer.alloc(16),
    time(Date.now()),
  ]);
  for (let at = 0; at < entries; at += 1) {
    entry.copy(list, at * entryLength);
    names.copy(list, at * entryLength + 4, at * 16, at * 16 + 16);
    // A positive number without leading zeros.
    list.writeUInt8((names.readUInt8(at * 16) & 0x3f) | 0x40, at * entryLength + 4);
  }
  for (const [at, serial] of serials.entries()) {
    const place = Math.floor((at * (entries - 1)) / Math.max(1, serials.length - 1));
    Buffer.from(serial, "hex").copy(list, place * entryLength + 4);
  }
  const hour = 60 * 60 * 1000;
  const cRLNumber = sequence(oid("2.5.29.20"), tlv(4, tlv(2, Buffer.of(number))));
  const tbs = sequence(
    tlv(2, Buffer.of(1)),
    ecdsaWithSha256,
    subjectOf(Buffer.from(issuer.der)),
    time(Date.now()),
    time(Date.now() + hour),
    tlv(0x30, list),
    tlv(0xa0, sequence(cRLNumber)),
  );
  const signature = sign("sha256", tbs, createPrivateKey(issuer.privateKeyPem));
  return sequence(tbs, ecdsaWithSha256, tlv(3, Buffer.of(0), signature));
}

/** The subject as it stands in a certificate of version 3. */
function subjectOf(certificate: Buffer): Buffer {
  const [tbs] = childrenOf(readElement(certificate), tags.sequence);
  const subject = tbs && childrenOf(tbs, tags.sequence)[5];
  if (subject === undefined) throw new Error("no subject");
  return subject.encoded;
}
