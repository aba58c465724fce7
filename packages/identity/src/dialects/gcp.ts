/**
 * Google Cloud Application Load Balancer: its documented mutual TLS variables, in the custom headers that Google's own
 * examples name. Names are base64 of their DER, alternative names base64 of their octets: nothing in a certificate can
 * reach the syntax around it.
 */
import { assertedFrom } from "../wire/asserted-from.ts";
import { decodeBase64 } from "../wire/base64.ts";
import type { Dialect, HeaderLine } from "./dialect.ts";
import { linesOf } from "../wire/lines-of.ts";
import { namesIn, readName } from "../wire/name-der.ts";
import { onlyValues } from "../wire/only-values.ts";
import { readCertificate, type Certificate } from "../certificate.ts";
import { IdentityError } from "../identity-error.ts";

const verdicts = {
  present: "X-Client-Cert-Present",
  chainVerified: "X-Client-Cert-Chain-Verified",
  error: "X-Client-Cert-Error",
} as const;
const headers = {
  hash: "X-Client-Cert-Hash",
  serialNumber: "X-Client-Cert-Serial-Number",
  spiffe: "X-Client-Cert-SPIFFE",
  uris: "X-Client-Cert-URI-SANs",
  dnsNames: "X-Client-Cert-DNSName-SANs",
  notBefore: "X-Client-Cert-Valid-Not-Before",
  notAfter: "X-Client-Cert-Valid-Not-After",
  issuer: "X-Client-Cert-Issuer-DN",
  subject: "X-Client-Cert-Subject-DN",
  leaf: "X-Client-Cert-Leaf",
  chain: "X-Client-Cert-Chain",
} as const;

const anonymous: readonly HeaderLine[] = [
  [verdicts.present, "false"],
  [verdicts.chainVerified, "false"],
  [verdicts.error, "client_cert_not_provided"],
];
const failed: readonly HeaderLine[] = [
  [verdicts.present, "true"],
  [verdicts.chainVerified, "false"],
  [verdicts.error, "client_cert_validation_failed"],
];

export const gcp: Dialect = {
  name: "gcp",
  headerNames: [...Object.values(verdicts), ...Object.values(headers)],
  headerFamilies: ["x_client_cert_"],
  variables: Object.values(headers),
  write({ identity, chain }, { variables } = {}) {
    if (identity.verify === "NONE") return [...anonymous];
    if (identity.verify === "FAILED") return [...failed];
    const { certificate } = identity;
    const { spiffe, uris } = divideUris(certificate);
    const names = namesIn(certificate);
    const lines = linesOf(
      [
        // Google's load balancers leave the padding out here, and here alone.
        [headers.hash, Buffer.from(certificate.sha256, "hex").toString("base64").replace("=", "")],
        [headers.serialNumber, printSerial(certificate.serialNumber)],
        [headers.spiffe, spiffe],
        [headers.uris, printList(uris)],
        [headers.dnsNames, printList(certificate.subjectAltNames.dnsNames)],
        [headers.notBefore, rfc3339(certificate.notBefore)],
        [headers.notAfter, rfc3339(certificate.notAfter)],
        [headers.issuer, names.issuer.toString("base64")],
        [headers.subject, names.subject.toString("base64")],
        [headers.leaf, byteSequence(certificate)],
        [headers.chain, chain.map(byteSequence).join(", ")],
      ],
      variables,
    );
    return [[verdicts.present, "true"], [verdicts.chainVerified, "true"], ...lines];
  },
  read(lines) {
    const { present, chainVerified, error } = onlyValues(lines, verdicts);
    const told = onlyValues(lines, headers);
    if (present === undefined || chainVerified === undefined) {
      throw new IdentityError(
        "verification-missing",
        `The request carries no ${verdicts.present} and ${verdicts.chainVerified}.`,
      );
    }
    const nothing = Object.values(told).every((value) => value === undefined);
    if (present === "false" && chainVerified === "false" && nothing) return undefined;
    if (present !== "true" || chainVerified !== "true" || error !== undefined) {
      throw new IdentityError(
        "verification-failed",
        `${verdicts.chainVerified} is not true, or there is an error.`,
      );
    }
    return assertedFrom(told.leaf ? readByteSequence(told.leaf) : undefined, {
      subject: told.subject ? readName(decodeBase64(told.subject)) : undefined,
      issuer: told.issuer ? readName(decodeBase64(told.issuer)) : undefined,
      serialNumber: told.serialNumber,
      sha256: told.hash ? readHash(told.hash) : undefined,
      uris: [...(told.spiffe ? [told.spiffe] : []), ...readList(told.uris)],
      dnsNames: readList(told.dnsNames),
    });
  },
};

const spiffePattern = /^spiffe:\/\/[a-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;

/** A SPIFFE ID stands in a header of its own and not in the list. A certificate that holds two of them holds none. */
function divideUris({ subjectAltNames: { uris } }: Certificate): {
  spiffe?: string;
  uris: readonly string[];
} {
  const [spiffe, ...more] = uris.filter((uri) => spiffePattern.test(uri));
  if (spiffe === undefined || more.length > 0) return { uris };
  return { spiffe, uris: uris.filter((uri) => uri !== spiffe) };
}

function printList(names: readonly string[]): string {
  // An empty name says nothing.
  return names
    .filter(Boolean)
    .map((name) => Buffer.from(name, "latin1").toString("base64"))
    .join(",");
}

function readList(text: string | undefined): string[] {
  return text ? text.split(",").map((name) => decodeBase64(name).toString("latin1")) : [];
}

/** The octets of the serial number as they are encoded: `00:ad:3e`, where the 00 keeps the number from being negative. */
function printSerial(serialNumber: string): string {
  const octets = serialNumber.toLowerCase().replace(/[0-9a-f]{2}(?=[0-9a-f])/g, "$&:");
  return /^[89a-f]/.test(octets) ? `00:${octets}` : octets;
}

/** Written without padding, believed with it too. */
function readHash(text: string): string {
  const octets = decodeBase64(text.padEnd(44, "="));
  if (octets.length !== 32)
    throw new IdentityError("certificate-malformed", `${headers.hash} is no SHA-256.`);
  return octets.toString("hex");
}

/** RFC 3339 as the documentation shows it: `2022-07-01T18:05:09+00:00`. */
function rfc3339(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "+00:00");
}

/** A byte sequence of RFC 8941, as RFC 9440 has it. */
function byteSequence({ der }: Certificate): string {
  return `:${der.toString("base64")}:`;
}

function readByteSequence(text: string): Certificate {
  const base64 = /^:([^:]+):$/.exec(text)?.[1];
  if (base64 === undefined)
    throw new IdentityError("certificate-malformed", `${headers.leaf} is no byte sequence.`);
  return readCertificate(decodeBase64(base64));
}
