/** What mod_ssl says of the client alone. */
import type { Certificate } from "../../certificate.ts";
import type { ClientIdentity } from "../../client-identity.ts";
import { IdentityError } from "../../identity-error.ts";
import { printRfc4514 } from "../../rfc4514.ts";
import type { Connection } from "../dialect.ts";
import { certificateVariables } from "./certificate-variables.ts";
import { printPemLine } from "./pem-line.ts";
import type { Variable } from "./variable.ts";

export const clientVariables: readonly Variable[] = [
  ...certificateVariables({
    prefix: "SSL_CLIENT_",
    certificateOf: believed,
    printSubject: (subject, form) => form.printSubject(subject),
    whenUntellable(value, variable) {
      const why =
        value === undefined ? "is no text" : "begins or ends with a space, which HTTP would take away";
      throw new IdentityError("subject-ambiguous", `A value for ${variable} ${why}.`);
    },
  }),
  {
    name: "SSL_CLIENT_CERT_CHAIN",
    numbering: "from the first",
    read: (connection) =>
      believed(connection) ? connection.chain.map((one) => () => printPemLine(one)) : [],
  },
  {
    name: "SSL_CLIENT_CERT_RFC4523_CEA",
    numbering: "none",
    read(connection) {
      const certificate = believed(connection);
      return [() => certificate && printExactAssertion(certificate)];
    },
  },
  {
    name: "SSL_CLIENT_VERIFY",
    numbering: "none",
    read: ({ identity }) => [() => printVerdict(identity)],
  },
];

function printVerdict(identity: ClientIdentity): string {
  if (identity.verify !== "FAILED") return identity.verify;
  return `FAILED:${identity.reason.replace(/[^\x20-\x7e]/g, "?").trimEnd()}`;
}

/** The one place where it is decided that only a SUCCESS says anything about the client. */
function believed({ identity }: Connection): Certificate | undefined {
  return identity.verify === "SUCCESS" ? identity.certificate : undefined;
}

/** CertificateExactAssertion of RFC 4523 section 3.1: who issued it, and its number there. In ASCII in every dialect. */
function printExactAssertion({ serialNumber, issuer }: Certificate): string {
  const digits = serialNumber.replace("-", "");
  const decimal = BigInt(`0x${digits}`) * (digits === serialNumber ? 1n : -1n);
  return `{ serialNumber ${decimal}, issuer rdnSequence:"${printRfc4514(issuer)}" }`;
}
