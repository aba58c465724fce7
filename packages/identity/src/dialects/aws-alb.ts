/**
 * AWS Application Load Balancer with mutual TLS in verify mode.
 *
 * It has no word for a verdict: the headers are there when the certificate was verified, and a client without one sends
 * a request without them. A client that was not believed gets no further there; here it is told of as anonymous.
 */
import { assertedFrom } from "../wire/asserted-from.ts";
import type { Dialect } from "./dialect.ts";
import { dnValue, parseDnValue } from "../wire/dn-value.ts";
import { parseEscapedPem } from "../wire/escaped-pem.ts";
import { linesOf } from "../wire/lines-of.ts";
import { onlyValues } from "../wire/only-values.ts";
import { percentEncode } from "../wire/percent.ts";

const headers = {
  serialNumber: "X-Amzn-Mtls-Clientcert-Serial-Number",
  issuer: "X-Amzn-Mtls-Clientcert-Issuer",
  subject: "X-Amzn-Mtls-Clientcert-Subject",
  validity: "X-Amzn-Mtls-Clientcert-Validity",
  leaf: "X-Amzn-Mtls-Clientcert-Leaf",
} as const;

/** `+`, `=` and `/` stay literal: a reader that decodes forms would turn each `+` of the base64 into a space. */
const literal = /[A-Za-z0-9._~+=/-]/;

export const awsAlb: Dialect = {
  name: "aws-alb",
  headerNames: Object.values(headers),
  // Passthrough mode's X-Amzn-Mtls-Clientcert holds an unverified chain.
  headerFamilies: ["x_amzn_mtls_"],
  variables: undefined,
  write({ identity }) {
    if (identity.verify !== "SUCCESS") return [];
    const { certificate } = identity;
    const validity = `NotBefore=${isoSeconds(certificate.notBefore)};NotAfter=${isoSeconds(certificate.notAfter)}`;
    return linesOf([
      [headers.serialNumber, certificate.serialNumber],
      [headers.issuer, dnValue(certificate.issuer)],
      [headers.subject, dnValue(certificate.subject)],
      [headers.validity, validity],
      [headers.leaf, percentEncode(certificate.pem, literal)],
    ]);
  },
  read(lines) {
    const told = onlyValues(lines, headers);
    if (Object.values(told).every((value) => value === undefined)) return undefined;
    return assertedFrom(told.leaf ? parseEscapedPem(told.leaf) : undefined, {
      subject: parseDnValue(told.subject),
      issuer: parseDnValue(told.issuer),
      serialNumber: told.serialNumber,
    });
  },
};

/** ISO 8601, which has no fractions here: `2023-09-21T01:50:17Z`. */
function isoSeconds(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
}
