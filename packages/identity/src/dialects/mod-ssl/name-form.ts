/** How the dialects of the mod_ssl family differ: the way they print and read names. */
import type { DistinguishedName } from "../../distinguished-name.ts";

/** Texts are characters; they become octets when they are put into a header. */
export type NameForm = {
  /** @throws IdentityError `subject-ambiguous` where the form cannot carry this subject */
  readonly printSubject: (name: DistinguishedName) => string;
  /** A name that the operator chose: the issuer's, the server's. Never refused. */
  readonly printTrusted: (name: DistinguishedName) => string;
  /** @throws IdentityError `name-malformed`, `subject-ambiguous` */
  readonly parseSubject: (text: string) => DistinguishedName;
  /** @returns `undefined` for a name that the form shows, but not in a way that can be read back */
  readonly parseIssuer: (text: string) => DistinguishedName | undefined;
  /** Whether single values (`SSL_CLIENT_S_DN_CN`, `SSL_CLIENT_SAN_Email_0`) keep what is not ASCII. */
  readonly values: "ascii" | "utf-8";
};

/**
 * HTTP trims the spaces around a field's value, so one that ends the name is written as `\20`, which RFC 4514 reads as
 * the same. (OpenSSL and Apache print `\ `, and a backslash alone would be left of it.)
 */
export function keepLastSpace(text: string): string {
  return text.replace(/\\ $/, "\\20");
}
