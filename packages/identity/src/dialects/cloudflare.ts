/**
 * Cloudflare: the forwarded client certificate, and the verdict of the managed transform "TLS client auth headers".
 *
 * The certificate is there whether or not it is valid, and "verified" is true of a revoked one: only presented, verified
 * and not revoked, all three said, is somebody. A certificate is forwarded with the first request of a connection alone;
 * on the later ones the names stand for it.
 */
import { readCertificate } from "../certificate.ts";
import { IdentityError } from "../identity-error.ts";
import { assertedFrom } from "../wire/asserted-from.ts";
import { decodeBase64 } from "../wire/base64.ts";
import type { Dialect, HeaderLine } from "./dialect.ts";
import { dnValue, parseDnValue } from "../wire/dn-value.ts";
import { linesOf } from "../wire/lines-of.ts";
import { onlyValues } from "../wire/only-values.ts";

const verdicts = {
  presented: "Cf-Cert-Presented",
  verified: "Cf-Cert-Verified",
  revoked: "Cf-Cert-Revoked",
} as const;
const headers = {
  issuer: "Cf-Cert-Issuer-Dn-Rfc2253",
  subject: "Cf-Cert-Subject-Dn-Rfc2253",
  der: "Cf-Client-Cert-Der-Base64",
  sha256: "Cf-Client-Cert-Sha256",
} as const;

const verdict = (presented: boolean, verified: boolean): HeaderLine[] => [
  [verdicts.presented, String(presented)],
  [verdicts.verified, String(verified)],
  [verdicts.revoked, "false"],
];

export const cloudflare: Dialect = {
  name: "cloudflare",
  headerNames: [...Object.values(verdicts), ...Object.values(headers)],
  headerFamilies: ["cf_cert_", "cf_client_cert_"],
  variables: Object.values(headers),
  write({ identity }, { variables } = {}) {
    if (identity.verify === "NONE") return verdict(false, false);
    if (identity.verify === "FAILED") return verdict(true, false);
    const { certificate } = identity;
    const lines = linesOf(
      [
        [headers.issuer, dnValue(certificate.issuer)],
        [headers.subject, dnValue(certificate.subject)],
        [headers.der, certificate.der.toString("base64")],
        [headers.sha256, certificate.sha256],
      ],
      variables,
    );
    return [...verdict(true, true), ...lines];
  },
  read(lines) {
    const { presented, verified, revoked } = onlyValues(lines, verdicts);
    const told = onlyValues(lines, headers);
    if (presented === undefined || verified === undefined || revoked === undefined) {
      const three = `${verdicts.presented}, ${verdicts.verified} and ${verdicts.revoked}`;
      throw new IdentityError("verification-missing", `The request does not carry all of ${three}.`);
    }
    const nothing = Object.values(told).every((value) => value === undefined);
    if (presented === "false" && verified === "false" && revoked === "false" && nothing) return undefined;
    if (presented !== "true" || verified !== "true" || revoked !== "false") {
      throw new IdentityError("verification-failed", "The certificate is not both verified and not revoked.");
    }
    return assertedFrom(told.der ? readCertificate(decodeBase64(told.der)) : undefined, {
      subject: parseDnValue(told.subject),
      issuer: parseDnValue(told.issuer),
      sha256: told.sha256?.toLowerCase(),
    });
  },
};
