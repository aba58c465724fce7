/** Certificates as PEM text (RFC 7468 section 5), read strictly. */
import { readCertificate, type Certificate } from "../certificate.ts";
import { IdentityError } from "../identity-error.ts";
import { decodeBase64 } from "./base64.ts";

const block = /-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n-----END CERTIFICATE-----(?:\n|$)/y;

/**
 * @param text blocks one behind the other, lines ended by a line feed, and nothing else
 * @returns at least one certificate
 * @throws IdentityError `certificate-malformed`
 */
export function parsePem(text: string): [Certificate, ...Certificate[]] {
  const certificates: Certificate[] = [];
  for (block.lastIndex = 0; block.lastIndex < text.length;) {
    const body = block.exec(text)?.[1];
    if (body === undefined) throw malformed();
    certificates.push(readCertificate(decodeBase64(body.replaceAll("\n", ""))));
  }
  const [first, ...more] = certificates;
  if (first === undefined) throw malformed();
  return [first, ...more];
}

function malformed(): IdentityError {
  return new IdentityError("certificate-malformed", "The value is not a certificate in PEM.");
}
