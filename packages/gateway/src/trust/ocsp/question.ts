/** What a responder is asked about one certificate (RFC 6960 section 4.1.1), and whom to ask. */
import { createHash, X509Certificate } from "node:crypto";
import { childrenOf, readElement, readObjectIdentifier, tags } from "@sallyport/identity/der";
import { extensionsOf } from "../extensions.ts";
import type { Link } from "../source.ts";
import { certificateParts, type CertificateParts } from "./certificate-parts.ts";

/** Who may answer for its certificates, and whose signature an answer leads to. */
export type Authority = {
  readonly certificate: X509Certificate;
  readonly parts: CertificateParts;
  readonly keyHash: Buffer;
};

export type Question = {
  /** The address of the responder. */
  readonly responder: string;
  readonly authority: Authority;
  /** The three fields of a CertID, beside the algorithm of the hashes: {@link hashAlgorithm}. */
  readonly issuerNameHash: Buffer;
  readonly issuerKeyHash: Buffer;
  /** The content of an INTEGER. */
  readonly serialNumber: Buffer;
};

/**
 * SHA-1. RFC 5019 section 2.1.1 asks for it, and many responders have their answers ready under it alone. Here a hash is
 * a name to look things up by: it proves nothing, so that colliding with it gains nothing. What counts is that the
 * issuer's own key, or a key that it signed, signed the answer.
 */
export const hashAlgorithm = "1.3.14.3.2.26";
export const hash = (octets: Buffer): Buffer => createHash("sha1").update(octets).digest();

/** Octets. RFC 5280 section 4.1.2.2 has 20 at most; some authorities do not keep to it. */
const longestSerial = 64;
const authorityInfoAccess = "1.3.6.1.5.5.7.1.1";
const ocspAccess = "1.3.6.1.5.5.7.48.1";
const uniformResourceIdentifier = 0x86;

/**
 * @param responder `aia`: the one that the certificate names
 * @param authorityOf gives what {@link readAuthority} makes of an issuer; whoever asks often remembers it
 * @returns `undefined` for a certificate that names no responder
 * @throws Error when the certificate cannot be read
 */
export function questionAbout(
  { certificate, issuer }: Link,
  responder: string,
  authorityOf: (issuer: Link["issuer"]) => Authority,
): Question | undefined {
  const parts = certificateParts(certificate.der);
  if (parts.serialNumber.length > longestSerial)
    throw new Error("its serial number is too long to ask about");
  const url = responder === "aia" ? responderOf(certificate.der) : responder;
  if (url === undefined) return undefined;
  const authority = authorityOf(issuer);
  return {
    responder: url,
    authority,
    // The name as it stands in the certificate itself, should the issuer's own be encoded differently.
    issuerNameHash: hash(parts.issuer),
    issuerKeyHash: authority.keyHash,
    serialNumber: parts.serialNumber,
  };
}

/** @throws Error */
export function readAuthority(der: Buffer): Authority {
  const parts = certificateParts(der);
  return { certificate: new X509Certificate(der), parts, keyHash: hash(parts.publicKey) };
}

/**
 * The first http: address that AuthorityInfoAccess ::= SEQUENCE OF SEQUENCE { accessMethod, accessLocation } has for OCSP
 * (RFC 5280 section 4.2.2.1). Not https: that server's certificate would have to be checked first, maybe here.
 */
function responderOf(certificate: Buffer): string | undefined {
  const access = extensionsOf(certificate).get(authorityInfoAccess);
  if (access === undefined) return undefined;
  for (const description of childrenOf(readElement(access.value), tags.sequence)) {
    const [method, location] = childrenOf(description, tags.sequence);
    if (method === undefined || location?.tag !== uniformResourceIdentifier) continue;
    const url = location.content.toString("latin1");
    if (readObjectIdentifier(method) === ocspAccess && URL.parse(url)?.protocol === "http:") return url;
  }
  return undefined;
}
