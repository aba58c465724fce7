/** Names as the DER they have in a certificate. */
import type { Certificate } from "../certificate.ts";
import { childrenOf, readElement, tags } from "../der.ts";
import type { DistinguishedName } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";
import { readName as readNameElement } from "../name-element.ts";

/** The Name elements of a certificate, octet by octet as they were signed. */
export function namesIn({ der }: Certificate): { readonly subject: Buffer; readonly issuer: Buffer } {
  const [tbs] = childrenOf(readElement(der), tags.sequence);
  const fields = tbs === undefined ? [] : childrenOf(tbs, tags.sequence);
  // A version 1 certificate has no version field in front.
  const [, , issuer, , subject] = fields[0]?.tag === tags.version ? fields.slice(1) : fields;
  if (!issuer || !subject) throw new IdentityError("certificate-malformed", "The certificate has no names.");
  return { subject: subject.encoded, issuer: issuer.encoded };
}

/** @throws IdentityError `name-malformed` on octets that are not exactly one Name */
export function readName(der: Buffer): DistinguishedName {
  try {
    return readNameElement(readElement(der));
  } catch (error) {
    throw new IdentityError("name-malformed", "The value is not the DER of a name.", { cause: error });
  }
}
