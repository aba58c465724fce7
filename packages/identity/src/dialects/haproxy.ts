/**
 * The headers of HAProxy's documentation (`http-request set-header`), as HAProxy 2.6 fills them: names in the slash form,
 * times without a century, hex in capitals. HAProxy's X-SSL-Client-Verify is 0 without any certificate too, which is
 * everybody to a backend that looks no further: for an anonymous client we write none.
 */
import { readCertificate, type Certificate } from "../certificate.ts";
import type { ClientIdentity } from "../client-identity.ts";
import { valuesOf, type DistinguishedName } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";
import { parseLegacyName, printLegacyName, unambiguous } from "../legacy-name.ts";
import { decodeBase64 } from "../wire/base64.ts";
import type { Dialect } from "./dialect.ts";
import { assertedBy, nothingAsserted, onlyValue } from "../wire/header-lines.ts";
import { linesOf } from "../wire/lines-of.ts";
import { verifyErrorOf } from "../wire/verify-error.ts";

const verifyHeader = "X-SSL-Client-Verify";
const subjectHeader = "X-SSL-Client-DN";
const commonNameHeader = "X-SSL-Client-CN";
const issuerHeader = "X-SSL-Issuer";
const certificateHeader = "X-SSL-Client-DER";

type Values = readonly (readonly [name: string, value: string | undefined])[];

const printers: readonly (readonly [string, (certificate: Certificate) => string | undefined])[] = [
  [subjectHeader, ({ subject }) => printLegacyName(unambiguous(subject))],
  [commonNameHeader, ({ subject }) => valuesOf(unambiguous(subject), "CN")[0]],
  [issuerHeader, ({ issuer }) => printIssuer(issuer)],
  ["X-SSL-Client-NotBefore", ({ notBefore }) => printTime(notBefore)],
  ["X-SSL-Client-NotAfter", ({ notAfter }) => printTime(notAfter)],
  ["X-SSL-Client-SHA1", ({ sha1 }) => sha1.toUpperCase()],
  [certificateHeader, ({ der }) => der.toString("base64")],
];
const connectionNames = ["X-SSL", "X-SSL-Session_ID"] as const;
const clientNames = printers.map(([name]) => name);
/** The certificate is not in the documentation's example; a route asks for it. */
const usual = [...connectionNames, ...clientNames.filter((name) => name !== certificateHeader)];

export const haproxy: Dialect = {
  name: "haproxy",
  headerNames: [...connectionNames, verifyHeader, ...clientNames],
  headerFamilies: ["x_ssl_"],
  // X-SSL-Client-Verify is not up for choice: without it, no other header means anything.
  variables: [...connectionNames, ...clientNames],
  write({ identity, tls }, { variables = usual } = {}) {
    const wanted = [verifyHeader, ...variables];
    const ofConnection = [
      [connectionNames[0], tls && "1"],
      [connectionNames[1], tls?.sessionId?.toUpperCase()],
    ] as const;
    return linesOf([...ofConnection, ...clientValues(identity, wanted)], wanted);
  },
  read(lines) {
    for (const name of connectionNames) onlyValue(lines, name);
    const verify = onlyValue(lines, verifyHeader);
    const values = new Map(clientNames.map((name) => [name, onlyValue(lines, name)]));
    if (verify === undefined) {
      if ([...values.values()].every((value) => value === undefined)) return undefined;
      throw new IdentityError("verification-missing", `The request carries no ${verifyHeader}.`);
    }
    if (verify !== "0") throw new IdentityError("verification-failed", `${verifyHeader} is not 0.`);
    const certificateText = values.get(certificateHeader);
    if (certificateText !== undefined) {
      const certificate = readCertificate(decodeBase64(certificateText));
      for (const [name, print] of printers) agree(name, values.get(name), () => print(certificate));
      return assertedBy(certificate);
    }
    const text = values.get(subjectHeader);
    if (!text) throw new IdentityError("subject-missing", `The request carries no ${subjectHeader}.`);
    const subject = unambiguous(parseLegacyName(text));
    agree(commonNameHeader, values.get(commonNameHeader), () => valuesOf(subject, "CN")[0]);
    return { ...nothingAsserted, subject, issuer: parseIssuer(values.get(issuerHeader)) };
  },
};

function clientValues(identity: ClientIdentity, wanted: readonly string[]): Values {
  switch (identity.verify) {
    case "NONE":
      return [];
    case "FAILED":
      return [[verifyHeader, String(verifyErrorOf(identity.reason))]];
    case "SUCCESS": {
      const chosen = printers.filter(([name]) => wanted.includes(name));
      return [
        [verifyHeader, "0"],
        ...chosen.map(([name, print]) => [name, print(identity.certificate)] as const),
      ];
    }
  }
}

/** @throws IdentityError `certificate-mismatch` when a header is there and is not what the others say */
function agree(name: string, value: string | undefined, expected: () => string | undefined): void {
  if (value === undefined || value === expected()) return;
  throw new IdentityError("certificate-mismatch", `${name} is not about the same certificate as the rest.`);
}

/** One of our own authorities: printed as it is, but for what would reach the backend as another name. */
function printIssuer(issuer: DistinguishedName): string | undefined {
  const text = printLegacyName(issuer);
  return issuer.flat().some(({ value }) => value === undefined) || text.endsWith(" ") ? undefined : text;
}

/** `undefined` where there is no text, or one that can be read in two ways, as an authority's name often can. */
function parseIssuer(text: string | undefined): DistinguishedName | undefined {
  try {
    return text ? parseLegacyName(text) : undefined;
  } catch (error) {
    if (error instanceof IdentityError) return undefined;
    throw error;
  }
}

/** YYMMDDhhmmssZ; nothing outside of 1950 to 2049, where two digits mean another century (RFC 5280 section 4.1.2.5.1). */
function printTime(milliseconds: number): string | undefined {
  const text = new Date(milliseconds).toISOString();
  const year = Number(text.slice(0, 4));
  return year >= 1950 && year < 2050 ? `${text.slice(2, 19).replace(/[^0-9]/g, "")}Z` : undefined;
}
