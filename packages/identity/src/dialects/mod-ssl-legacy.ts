/** Apache with `SSLOptions +LegacyDNStringFormat`: the slash form. A subject that it cannot carry soundly is refused. */
import { IdentityError } from "../identity-error.ts";
import { legacyAmbiguity, parseLegacyName, printLegacyName } from "../legacy-name.ts";
import { fourHeaders } from "./four-headers.ts";

export const modSslLegacy = fourHeaders("mod_ssl-legacy", {
  printSubject(subject) {
    const reason = legacyAmbiguity(subject);
    if (reason !== undefined) {
      throw new IdentityError(
        "subject-ambiguous",
        `The subject cannot be written in the slash form: ${reason}.`,
      );
    }
    return printLegacyName(subject);
  },
  // The issuer is one of our own authorities, chosen by the operator and not by the client.
  printIssuer: printLegacyName,
  parse: parseLegacyName,
});
