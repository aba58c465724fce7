/** The four headers of mod_ssl that backends read most, shared by the dialects that differ only in how a name is printed. */
import { valuesOf, type DistinguishedName } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";
import type { Dialect, HeaderLine } from "./dialect.ts";
import { nothingAsserted, onlyValue } from "./header-lines.ts";

const subjectHeader = "SSL_CLIENT_S_DN";
const issuerHeader = "SSL_CLIENT_I_DN";
const serverUnitHeader = "SSL_SERVER_S_DN_OU";
const verifyHeader = "SSL_CLIENT_VERIFY";

export type NameForm = {
  /** @throws IdentityError `subject-ambiguous` where the form cannot carry this subject */
  readonly printSubject: (name: DistinguishedName) => string;
  readonly printIssuer: (name: DistinguishedName) => string;
  readonly parse: (text: string) => DistinguishedName;
};

export function fourHeaders(name: string, form: NameForm): Dialect {
  return {
    name,
    headerNames: [subjectHeader, issuerHeader, serverUnitHeader, verifyHeader],
    headerFamilies: [],
    variables: undefined,
    write({ identity, server }) {
      const unit = server && valuesOf(server.subject, "OU")[0];
      const lines: (readonly [name: string, value: string | undefined])[] = [
        [serverUnitHeader, unit && toAscii(unit)],
      ];
      switch (identity.verify) {
        case "SUCCESS":
          lines.push(
            [subjectHeader, form.printSubject(identity.certificate.subject)],
            [issuerHeader, form.printIssuer(identity.certificate.issuer)],
            [verifyHeader, "SUCCESS"],
          );
          break;
        case "NONE":
          lines.push([verifyHeader, "NONE"]);
          break;
        case "FAILED":
          lines.push([verifyHeader, `FAILED:${toAscii(identity.reason)}`]);
      }
      // Apache writes the text `(null)` for what is not there: truthy, and a name to a careless backend. We omit.
      return lines.filter((line): line is HeaderLine => Boolean(line[1]));
    },
    read(lines) {
      const verify = onlyValue(lines, verifyHeader);
      const subject = onlyValue(lines, subjectHeader);
      const issuer = onlyValue(lines, issuerHeader);
      if (verify === "NONE" && subject === undefined) return undefined;
      if (verify === undefined) {
        throw new IdentityError("verification-missing", `The request carries no ${verifyHeader}.`);
      }
      if (verify !== "SUCCESS") {
        throw new IdentityError("verification-failed", `${verifyHeader} is not SUCCESS.`);
      }
      if (subject === undefined || subject === "") {
        throw new IdentityError("subject-missing", `The request carries no ${subjectHeader}.`);
      }
      return {
        ...nothingAsserted,
        subject: form.parse(subject),
        issuer: issuer === undefined ? undefined : form.parse(issuer),
      };
    },
  };
}

function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
