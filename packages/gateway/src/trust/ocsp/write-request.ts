/** An OCSPRequest in DER (RFC 6960 section 4.1.1). */
import type { Question } from "./question.ts";

/**
 * What the nonce's extension holds: Nonce ::= OCTET STRING. A responder that knows it gives it back octet for octet.
 * @param random 32 octets, new for every request (RFC 9654 section 2.1)
 */
export function nonceExtension(random: Buffer): Buffer {
  return element(0x04, random);
}

/**
 * OCSPRequest ::= SEQUENCE { tbsRequest SEQUENCE { requestList SEQUENCE OF SEQUENCE { reqCert CertID },
 * [2] requestExtensions } }, CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }
 */
export function writeRequest(question: Question, nonce: Buffer): Buffer {
  const certId = sequence(
    sequence(hashOid, element(0x05)),
    element(0x04, question.issuerNameHash),
    element(0x04, question.issuerKeyHash),
    element(0x02, question.serialNumber),
  );
  const extension = sequence(nonceOid, element(0x04, nonce));
  return sequence(sequence(sequence(sequence(certId)), element(0xa2, sequence(extension))));
}

/** @param hex the content of an OBJECT IDENTIFIER */
const identifier = (hex: string) => element(0x06, Buffer.from(hex, "hex"));
/** id-sha1, 1.3.14.3.2.26 */
const hashOid = identifier("2b0e03021a");
/** id-pkix-ocsp-nonce, 1.3.6.1.5.5.7.48.1.2 */
const nonceOid = identifier("2b0601050507300102");

function sequence(...contents: readonly Buffer[]): Buffer {
  return element(0x30, ...contents);
}

function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...octets]), content]);
}
