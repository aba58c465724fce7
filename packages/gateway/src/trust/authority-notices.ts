/** What an operator should know of the authorities that are accepted, in sentences for the log. */
import type { X509Certificate } from "node:crypto";
import { printRfc4514, readCertificate } from "@sallyport/identity";
import { isWeakKey } from "./key-strength.ts";

/** A handful is a company's; many are a list of the whole world's, copied from somewhere. */
const manyRoots = 10;

/** @param publicRoots the roots that browsers trust, PEM */
export function authorityNotices(
  authorities: readonly X509Certificate[],
  publicRoots: readonly string[],
  now: number,
): string[] {
  const roots = authorities.filter((authority) => authority.checkIssued(authority));
  const notices = authorities.flatMap((authority) => {
    const { subject, notAfter } = readCertificate(authority.raw);
    const name = printRfc4514(subject);
    return [
      ...(holdsKey(publicRoots, authority)
        ? [`${name} is a public authority: whoever gets a certificate from it, from anywhere, is let in`]
        : []),
      ...(authority.ca ? [] : [`${name} is no authority: no certificate can be accepted because of it`]),
      ...(notAfter < now ? [`${name} has ended: no certificate of it is accepted any more`] : []),
      ...(isWeakKey(authority) ? [`${name} has a weak key: no certificate of it is accepted`] : []),
    ];
  });
  if (roots.length > manyRoots)
    notices.push(`${roots.length} roots are accepted: each of them can make anybody`);
  if (roots.length === 0) notices.push("none of them is a root: no certificate can be accepted");
  return notices;
}

/**
 * By key, not by certificate: a public authority has several certificates, and cross-signed ones. A key stands in its
 * certificate octet for octet, so that none of more than a hundred has to be parsed.
 */
function holdsKey(roots: readonly string[], { publicKey }: X509Certificate): boolean {
  const key = publicKey.export({ type: "spki", format: "der" });
  return roots.some((pem) => Buffer.from(pem.replace(/-----[^-]*-----/g, ""), "base64").includes(key));
}
