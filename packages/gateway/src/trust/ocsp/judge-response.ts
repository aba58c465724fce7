/** Whether an OCSP response answers our question, now, in the name of the certificate's issuer (RFC 6960 section 3.2). */
import { X509Certificate } from "node:crypto";
import { readCertificate } from "@sallyport/identity";
import { childrenOf, readElement, readObjectIdentifier, tags } from "@sallyport/identity/der";
import { extensionsOf } from "../extensions.ts";
import { isWeakKey, isWeakSignature } from "../key-strength.ts";
import { verifySignature } from "../verify-signature.ts";
import { certificateParts, type CertificateParts } from "./certificate-parts.ts";
import { hash, hashAlgorithm, type Authority, type Question } from "./question.ts";
import type { OcspResponse, SingleAnswer } from "./read-response.ts";

export type Answer = Pick<SingleAnswer, "status" | "revokedAt" | "thisUpdate"> & {
  /** The instant from which the answer does not hold any more, milliseconds since the epoch. */
  readonly notAfter: number;
};

/** How far the responder's clock may be from ours. */
const skew = 5 * 60_000;
/** How long an answer holds that does not say: there is always a newer one, so it was made for us, now. */
const unsaidLife = 5 * 60_000;

/**
 * @param nonce the content of the nonce's extension as it was sent
 * @param now milliseconds since the epoch
 * @throws Error whose message says why the response is not to be believed
 */
export function judgeResponse(
  response: OcspResponse,
  question: Question,
  nonce: Buffer,
  now: number,
): Answer {
  assertSigned(response, question.authority, now);
  const answers = response.answers.filter((answer) => answersThe(question, answer));
  const [answer] = answers;
  if (answer === undefined) throw new Error("it speaks of another certificate");
  if (answers.length > 1) throw new Error("it gives two answers for one certificate");

  // Without a nonce it may have been made long ago, for everybody; then it has to say how long it holds.
  if (response.nonce && !response.nonce.equals(nonce))
    throw new Error("it answers another request: its nonce is not ours");
  if (!response.nonce && answer.nextUpdate === undefined)
    throw new Error("it has neither a nonce nor a nextUpdate");

  const { thisUpdate, nextUpdate = thisUpdate + unsaidLife } = answer;
  if (thisUpdate > now + skew)
    throw new Error(`it begins to hold at ${printTime(thisUpdate)}, which is to come`);
  if (nextUpdate < thisUpdate) throw new Error("it ends before it begins");
  if (nextUpdate + skew <= now) throw new Error(`it held until ${printTime(nextUpdate)}`);
  return { status: answer.status, revokedAt: answer.revokedAt, thisUpdate, notAfter: nextUpdate + skew };
}

export const printTime = (instant: number): string => new Date(instant).toISOString().replace(".000Z", "Z");

function answersThe(question: Question, answer: SingleAnswer): boolean {
  return (
    answer.hashAlgorithm === hashAlgorithm &&
    answer.issuerNameHash.equals(question.issuerNameHash) &&
    answer.issuerKeyHash.equals(question.issuerKeyHash) &&
    answer.serialNumber.equals(question.serialNumber)
  );
}

/**
 * The signer is the issuer, or somebody to whom the issuer itself gave a certificate for it (RFC 6960 section 4.2.2.2).
 * Nobody else, whatever a configuration says. That certificate's own revocation is not asked about, with
 * id-pkix-ocsp-nocheck or without: there would be nobody to ask but itself.
 */
function assertSigned(response: OcspResponse, authority: Authority, now: number): void {
  const { algorithm, signed, signature } = response;
  const isSigner = ({ publicKey }: X509Certificate) =>
    verifySignature(algorithm, signed, signature, publicKey);
  const isIssuer = isNamed(response, authority.parts);
  if (isIssuer && isSigner(authority.certificate)) return;
  const named = response.certificates.filter((der) => isNamed(response, certificateParts(der)));
  const signer = named.find((der) => isSigner(new X509Certificate(der)));
  if (signer !== undefined) assertDelegated(signer, authority, now);
  else if (isIssuer || named.length > 0) throw new Error("its signature does not hold");
  else
    throw new Error(
      "its signer is not the certificate's issuer, and no certificate of the signer came with it",
    );
}

function isNamed({ responder }: OcspResponse, parts: CertificateParts): boolean {
  const own = responder.by === "name" ? parts.subject : hash(parts.publicKey);
  return own.equals(responder.octets);
}

const extendedKeyUsage = "2.5.29.37";
const ocspSigning = "1.3.6.1.5.5.7.3.9";

/** @throws Error when the authority did not make this the certificate of a responder for it */
function assertDelegated(der: Buffer, authority: Authority, now: number): void {
  const signer = new X509Certificate(der);
  if (!signer.checkIssued(authority.certificate) || !signer.verify(authority.certificate.publicKey))
    throw new Error("its signer has no certificate from the authority that issued the one in question");
  const usage = extensionsOf(der).get(extendedKeyUsage);
  const purposes = usage === undefined ? [] : childrenOf(readElement(usage.value), tags.sequence);
  // anyExtendedKeyUsage is not enough: RFC 6960 section 4.2.2.2 asks for this one by name.
  if (!purposes.map(readObjectIdentifier).includes(ocspSigning))
    throw new Error("its signer's certificate is not for signing OCSP answers");
  const { notBefore, notAfter } = readCertificate(der);
  if (now < notBefore || now > notAfter)
    throw new Error("its signer's certificate is not valid at this time");
  if (isWeakKey(signer) || isWeakSignature(signer)) throw new Error("its signer's certificate is too weak");
}
