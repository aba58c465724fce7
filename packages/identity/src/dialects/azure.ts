/**
 * Azure Application Gateway: its mutual authentication server variables. The headers that carry them are set by rewrite
 * rules; these names, `X-Client-Certificate` and the variables' endings behind it, are the customary ones.
 *
 * The values are those of nginx, which the gateway runs on: names as RFC 2253 text, the certificate as percent-encoded
 * PEM, SHA-1 in lower-case hex, dates as OpenSSL prints them.
 */
import { assertedFrom } from "../wire/asserted-from.ts";
import type { Dialect } from "./dialect.ts";
import { dnValue, parseDnValue } from "../wire/dn-value.ts";
import { parseEscapedPem } from "../wire/escaped-pem.ts";
import { isVerified } from "../wire/is-verified.ts";
import { linesOf } from "../wire/lines-of.ts";
import { printTime } from "./mod-ssl/time-text.ts";
import { onlyValues } from "../wire/only-values.ts";
import { percentEncode } from "../wire/percent.ts";

const verdict = "X-Client-Certificate-Verification";
const headers = {
  certificate: "X-Client-Certificate",
  fingerprint: "X-Client-Certificate-Fingerprint",
  issuer: "X-Client-Certificate-Issuer",
  subject: "X-Client-Certificate-Subject",
  serial: "X-Client-Certificate-Serial",
  startDate: "X-Client-Certificate-Start-Date",
  endDate: "X-Client-Certificate-End-Date",
} as const;

const unreserved = /[A-Za-z0-9._~-]/;

export const azure: Dialect = {
  name: "azure",
  headerNames: [verdict, ...Object.values(headers)],
  headerFamilies: ["x_client_certificate_"],
  variables: Object.values(headers),
  write({ identity }, { variables } = {}) {
    if (identity.verify === "NONE") return [[verdict, "NONE"]];
    if (identity.verify === "FAILED") {
      return [[verdict, `FAILED:${identity.reason.replace(/[^\x20-\x7e]/g, "?").trimEnd()}`]];
    }
    const { certificate } = identity;
    const lines = linesOf(
      [
        [headers.certificate, percentEncode(certificate.pem, unreserved)],
        [headers.fingerprint, certificate.sha1],
        [headers.issuer, dnValue(certificate.issuer)],
        [headers.subject, dnValue(certificate.subject)],
        [headers.serial, certificate.serialNumber],
        [headers.startDate, printTime(certificate.notBefore)],
        [headers.endDate, printTime(certificate.notAfter)],
      ],
      variables,
    );
    return [[verdict, "SUCCESS"], ...lines];
  },
  read(lines) {
    const told = onlyValues(lines, headers);
    if (!isVerified(lines, verdict, told)) return undefined;
    return assertedFrom(told.certificate ? parseEscapedPem(told.certificate) : undefined, {
      subject: parseDnValue(told.subject),
      issuer: parseDnValue(told.issuer),
      serialNumber: told.serial,
      sha1: told.fingerprint?.toLowerCase(),
    });
  },
};
