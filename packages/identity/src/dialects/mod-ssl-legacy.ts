/** Apache with `SSLOptions +LegacyDNStringFormat`: the slash form. A subject that it cannot carry soundly is refused. */
import type { DistinguishedName } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";
import { parseLegacyName, printLegacyName, unambiguous } from "../legacy-name.ts";
import { modSslDialect } from "./mod-ssl/mod-ssl-dialect.ts";

export const modSslLegacy = modSslDialect("mod_ssl-legacy", {
  printSubject: (subject) => printLegacyName(unambiguous(subject)),
  // HTTP would take the last space away, and the name would be another authority's.
  printTrusted: (name) => printLegacyName(name).replace(/ $/, "\\x20"),
  parseSubject: parseLegacyName,
  parseIssuer,
  values: "utf-8",
});

/**
 * The issuer is one of the operator's own authorities. When its name cannot be told from another one's in this form, it
 * is not told at all; the subject, which the client has chosen, is another matter.
 */
function parseIssuer(text: string): DistinguishedName | undefined {
  try {
    return parseLegacyName(text);
  } catch (error) {
    if (error instanceof IdentityError && error.code === "subject-ambiguous") return undefined;
    throw error;
  }
}
