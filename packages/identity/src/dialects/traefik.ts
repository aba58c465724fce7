/**
 * Traefik's PassTLSClientCert: the certificates' DER in base64, leaf first, and the fields of the client's certificate as
 * one query-escaped text. Traefik escapes no value inside that text, so a CN that holds `",Issuer="` writes fields of
 * its own; what the text cannot carry is refused here. The certificate header alone carries every certificate.
 */
import { readCertificate, type Certificate } from "../certificate.ts";
import { IdentityError } from "../identity-error.ts";
import { decodeBase64 } from "../wire/base64.ts";
import type { Dialect, HeaderLine } from "./dialect.ts";
import { assertedBy, nothingAsserted, onlyValue } from "../wire/header-lines.ts";
import { percentDecode, percentEncode } from "../wire/percent.ts";
import { parseTraefikInfo, printTraefikInfo } from "../wire/traefik-info.ts";

const certificateHeader = "X-Forwarded-Tls-Client-Cert";
const infoHeader = "X-Forwarded-Tls-Client-Cert-Info";

export const traefik: Dialect = {
  name: "traefik",
  headerNames: [certificateHeader, infoHeader],
  headerFamilies: ["x_forwarded_tls_client_cert_"],
  variables: [certificateHeader, infoHeader],
  write({ identity, chain }, { variables = [certificateHeader, infoHeader] } = {}) {
    if (identity.verify !== "SUCCESS") return [];
    const { certificate } = identity;
    const lines: HeaderLine[] = [];
    if (variables.includes(certificateHeader)) {
      lines.push([
        certificateHeader,
        [certificate, ...chain].map(({ der }) => der.toString("base64")).join(","),
      ]);
    }
    if (variables.includes(infoHeader)) lines.push([infoHeader, printInfo(certificate)]);
    return lines;
  },
  read(lines) {
    const certificates = onlyValue(lines, certificateHeader);
    const info = onlyValue(lines, infoHeader);
    if (certificates !== undefined) {
      const [leaf = Buffer.of()] = certificates.split(",").map(decodeBase64);
      const certificate = readCertificate(leaf);
      if (info !== undefined && info !== printInfo(certificate)) {
        throw new IdentityError("certificate-mismatch", `${infoHeader} is not about ${certificateHeader}.`);
      }
      return assertedBy(certificate);
    }
    if (info === undefined) return undefined;
    return { ...nothingAsserted, ...parseTraefikInfo(queryUnescape(info)) };
  },
};

/** Query escaping as Go has it: percent-encoding with `+` for a space. */
function printInfo(certificate: Certificate): string {
  return percentEncode(printTraefikInfo(certificate), /[A-Za-z0-9._~ -]/).replaceAll(" ", "+");
}

function queryUnescape(text: string): string {
  // A comma is never literal in it: one that is there joins two lines.
  if (/[^A-Za-z0-9._~%+-]/.test(text)) {
    throw new IdentityError("name-malformed", `${infoHeader} is not one query-escaped text.`);
  }
  return percentDecode(text.replaceAll("+", " "));
}
