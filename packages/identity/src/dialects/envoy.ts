/**
 * Envoy's `X-Forwarded-Client-Cert`, one element of `Key=value;Key="quoted value"`: what Envoy writes with
 * SANITIZE_SET, never with APPEND_FORWARD, as whatever stands in front of our element would be somebody's else.
 *
 * Envoy documents `\"` for a quote and is silent about the backslash, so that readers differ over where `\\"` ends. We
 * write neither: names have every special character in hex (`\2C`), and no quote can stand in the other values.
 */
import type { Certificate } from "../certificate.ts";
import type { DistinguishedName } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";
import { parseRfc4514, printRfc4514 } from "../rfc4514.ts";
import type { Dialect } from "./dialect.ts";
import { assertedBy, nothingAsserted, onlyValue } from "../wire/header-lines.ts";
import { parsePem } from "../wire/pem.ts";
import { percentDecode, percentEncode } from "../wire/percent.ts";
import { parseXfcc, type XfccPair } from "../wire/xfcc.ts";

const header = "X-Forwarded-Client-Cert";

export const envoy: Dialect = {
  name: "envoy",
  headerNames: [header],
  headerFamilies: [],
  // As in Envoy's set_current_client_cert_details; By and Hash are always there.
  variables: ["Cert", "Chain", "Subject", "URI", "DNS"],
  write({ identity, chain, server }, { variables = ["Subject", "URI", "DNS"] } = {}) {
    if (identity.verify !== "SUCCESS") return [];
    const { certificate } = identity;
    const ours = server?.subjectAltNames.uris.filter((uri) => plain.test(uri)) ?? [];
    const pairs = [
      ...ours.map((uri): XfccPair => ["By", uri]),
      ...variablesOf(certificate, ["Hash", ...variables]),
      ...(variables.includes("Chain") ? [["Chain", printPem([certificate, ...chain])] as const] : []),
    ];
    return [[header, pairs.map(printPair).join(";")]];
  },
  read(lines) {
    const value = onlyValue(lines, header);
    if (value === undefined) return undefined;
    const pairs = parseXfcc(value);
    const valuesOf = (wanted: string) => pairs.filter(([key]) => key === wanted).map(([, text]) => text);
    const [pem = valuesOf("Chain")[0]] = valuesOf("Cert");
    if (pem !== undefined) {
      const [certificate] = parsePem(percentDecode(pem));
      agree(pairs, certificate);
      return assertedBy(certificate);
    }
    const [sha256] = valuesOf("Hash");
    const [text] = valuesOf("Subject");
    const [uris, dnsNames] = [valuesOf("URI"), valuesOf("DNS")];
    if (text === undefined || (text === "" && uris.length + dnsNames.length === 0)) {
      throw new IdentityError("subject-missing", `${header} names no subject.`);
    }
    if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
      throw new IdentityError("certificate-malformed", `The Hash in ${header} is not a SHA-256.`);
    }
    return { ...nothingAsserted, subject: parseRfc4514(text), sha256, uris, dnsNames };
  },
};

/** What a URI or a DNS name can hold without any reader seeing the end of the value in it; neither may hold more anyway. */
const plain = /^[!#-[\]-~]+$/;

/** @throws IdentityError `subject-ambiguous` */
function variablesOf(certificate: Certificate, wanted: readonly string[]): XfccPair[] {
  const { sha256, subject, subjectAltNames } = certificate;
  const all: XfccPair[] = [
    ["Hash", sha256],
    ["Cert", printPem([certificate])],
    ["Subject", printName(subject)],
    ...subjectAltNames.uris.map((uri): XfccPair => ["URI", uri]),
    ...subjectAltNames.dnsNames.map((name): XfccPair => ["DNS", name]),
  ];
  const pairs = all.filter(([key]) => wanted.includes(key));
  const [odd] = pairs.find(([key, value]) => (key === "URI" || key === "DNS") && !plain.test(value)) ?? [];
  if (odd === undefined) return pairs;
  throw new IdentityError(
    "subject-ambiguous",
    `A ${odd} name of the certificate is none: ${header} cannot carry it.`,
  );
}

/** RFC 4514 with every special character in hex: no text of a value looks like `,CN=` or ends a quoted string. */
function printName(name: DistinguishedName): string {
  return name
    .toReversed()
    .map((rdn) =>
      rdn
        .toReversed()
        .map((attribute) => printRfc4514([[attribute]]))
        .map((text) => {
          const value = text.indexOf("=") + 1;
          return text.slice(0, value) + text.slice(value).replace(/\\[^0-9A-F]|=/g, inHex);
        })
        .join("+"),
    )
    .join(",");
}

function inHex(special: string): string {
  return `\\${special
    .charCodeAt(special.length - 1)
    .toString(16)
    .toUpperCase()}`;
}

function printPem(certificates: readonly Certificate[]): string {
  return percentEncode(certificates.map(({ pem }) => pem).join(""), /[A-Za-z0-9._~-]/);
}

function printPair([key, value]: XfccPair): string {
  const quoted = key === "Cert" || key === "Chain" || key === "Subject" || /[,;=]/.test(value);
  return quoted ? `${key}="${value}"` : `${key}=${value}`;
}

/** Where the certificate is there, everything else must be what it says. */
function agree(pairs: readonly XfccPair[], certificate: Certificate): void {
  const keys = new Set(pairs.map(([key]) => key));
  const texts = (list: readonly XfccPair[]) => list.map((pair) => pair.join("=")).join("\n");
  const said = pairs.filter(([key]) => key !== "By" && key !== "Chain");
  const [, chain] = pairs.find(([key]) => key === "Chain") ?? [];
  const leaf = chain === undefined ? certificate : parsePem(percentDecode(chain))[0];
  if (texts(said) !== texts(variablesOf(certificate, [...keys])) || leaf.sha256 !== certificate.sha256) {
    throw new IdentityError("certificate-mismatch", `${header} speaks of more than one certificate.`);
  }
}
