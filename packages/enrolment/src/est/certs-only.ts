/** Certificates as EST sends them: a PKCS#7 message with nothing in it but certificates (RFC 5652 section 5.1, RFC 7030 section 4.1.3). */
import { X509Certificate } from "node:crypto";

const signedData = Buffer.from("06092a864886f70d010702", "hex"); // OBJECT IDENTIFIER 1.2.840.113549.1.7.2
const data = Buffer.from("06092a864886f70d010701", "hex"); // 1.2.840.113549.1.7.1
const version = Buffer.from("020101", "hex");
const tags = { sequence: 0x30, set: 0x31, context0: 0xa0 } as const;

/** @param certificates PEM or DER; DER comes out */
export function certsOnly(certificates: readonly (string | Uint8Array)[]): Buffer {
  const raw = certificates.map((certificate) => new X509Certificate(certificate).raw);
  return element(
    tags.sequence,
    signedData,
    element(
      tags.context0,
      element(
        tags.sequence,
        version,
        element(tags.set), // digestAlgorithms: nothing is signed
        element(tags.sequence, data),
        element(tags.context0, ...raw.toSorted((a, b) => a.compare(b))), // a SET in DER is sorted
        element(tags.set), // signerInfos
      ),
    ),
  );
}

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits = length.toString(16);
  const octets = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return Buffer.concat([Buffer.from([0x80 | octets.length]), octets]);
}
