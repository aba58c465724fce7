/** A certificate in a header of its own: PEM on one line. */
import { readCertificate, type Certificate } from "../../certificate.ts";
import { IdentityError } from "../../identity-error.ts";
import { decodeBase64 } from "../../wire/base64.ts";

/**
 * Every line end becomes a space, as in `RequestHeader set SSL_CLIENT_CERT "%{SSL_CLIENT_CERT}s"` of Apache. The one behind
 * the last line is left out: HTTP would take it away (RFC 9110 section 5.5).
 */
export function printPemLine({ pem }: Certificate): string {
  return pem.trimEnd().replaceAll("\n", " ");
}

const pemLine = /^-----BEGIN CERTIFICATE----- ([A-Za-z0-9+/= ]+) -----END CERTIFICATE-----$/;

/**
 * @param text one certificate; spaces where its lines ended
 * @throws IdentityError `certificate-malformed`
 */
export function parsePemLine(text: string): Certificate {
  const lines = pemLine.exec(text)?.[1];
  if (lines === undefined) {
    throw new IdentityError("certificate-malformed", "The header is not one PEM certificate.");
  }
  return readCertificate(decodeBase64(lines.replaceAll(" ", "")));
}
