/** Names as the DER they have in a certificate. */
import type { Certificate } from "../certificate.ts";
import { decodeCharacterString } from "../character-string.ts";
import { childrenOf, readElement, readObjectIdentifier, tags } from "../der.ts";
import type { DistinguishedName } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";

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
    return childrenOf(readElement(der), tags.sequence).map((rdn) =>
      childrenOf(rdn, tags.set).map((attribute) => {
        const [type, value, ...more] = childrenOf(attribute, tags.sequence);
        if (type === undefined || value === undefined || more.length > 0) throw new Error("not an attribute");
        return {
          type: readObjectIdentifier(type),
          value: decodeCharacterString(value),
          der: value.encoded.toString("hex").toUpperCase(),
        };
      }),
    );
  } catch (error) {
    throw new IdentityError("name-malformed", "The value is not the DER of a name.", { cause: error });
  }
}
