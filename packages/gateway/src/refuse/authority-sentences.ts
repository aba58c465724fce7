/** Who is accepted here, and whose certificate it was that is not. */
import { printRfc4514, sameName, valuesOf, type Certificate } from "@sallyport/identity";
import { either, name, say, type Sentence } from "./sentence.ts";

/** As many names as a sentence can carry. */
export const fewAuthorities = 3;

export function acceptedFrom(authorities: readonly string[]): readonly Sentence[] {
  if (authorities.length === 0) return [];
  const named = authorities.slice(0, fewAuthorities).map(name);
  const rest = authorities.length - named.length;
  const others = rest === 0 ? [] : [[rest === 1 ? "one other" : `${rest} others`]];
  return [say`This site accepts certificates from ${either([...named, ...others])}.`];
}

/** @param certificate the visitor's own: what is said of it is for the visitor alone */
export function issuedBy(certificate: Certificate | undefined): readonly Sentence[] {
  if (certificate === undefined) return [];
  const { subject, issuer } = certificate;
  if (sameName(subject, issuer)) return [say`Yours was issued by itself.`];
  const issuerName = valuesOf(issuer, "CN").join("; ") || printRfc4514(issuer);
  return issuerName === "" ? [] : [say`Yours was issued by ${name(issuerName)}.`];
}
