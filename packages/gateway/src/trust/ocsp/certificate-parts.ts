/** The parts of a certificate that OCSP speaks of, octet for octet as they are encoded (RFC 5280 section 4.1). */
import { childrenOf, readElement, tags, type Element } from "@sallyport/identity/der";

export type CertificateParts = {
  /** The content of an INTEGER. */
  readonly serialNumber: Buffer;
  /** The whole elements of the two names. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** The bits of the public key alone, without the BIT STRING's count of unused ones. */
  readonly publicKey: Buffer;
};

const bitString = 0x03;

/** @throws Error */
export function certificateParts(der: Buffer): CertificateParts {
  const [tbs] = childrenOf(readElement(der), tags.sequence);
  const all = tbs === undefined ? [] : childrenOf(tbs, tags.sequence);
  const fields = all[0]?.tag === tags.version ? all.slice(1) : all;
  const [serialNumber, , issuer, , subject, spki] = fields;
  const [, key] = spki === undefined ? [] : childrenOf(spki, tags.sequence);
  if (serialNumber?.tag !== tags.integer || !issuer || !subject || !key)
    throw new Error("a field of the certificate is missing");
  return {
    serialNumber: serialNumber.content,
    issuer: issuer.encoded,
    subject: subject.encoded,
    publicKey: readBits(key),
  };
}

/** The octets of a BIT STRING that has no unused bits. @throws Error */
export function readBits({ tag, content }: Element): Buffer {
  if (tag !== bitString || content[0] !== 0) throw new Error("no string of whole octets");
  return content.subarray(1);
}
