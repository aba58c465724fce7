/**
 * RFC 9440: the whole certificate in `Client-Cert`, the authorities above it in `Client-Cert-Chain`. It carries every
 * certificate. A backend whose answers differ by client says `Vary: Client-Cert` (section 2.4).
 */
import { readCertificate, type Certificate } from "../certificate.ts";
import { IdentityError } from "../identity-error.ts";
import { decodeBase64 } from "../wire/base64.ts";
import type { Dialect, HeaderLine } from "./dialect.ts";
import { assertedBy, onlyValue } from "../wire/header-lines.ts";

const leafHeader = "Client-Cert";
const chainHeader = "Client-Cert-Chain";

export const rfc9440: Dialect = {
  name: "rfc9440",
  headerNames: [leafHeader, chainHeader],
  headerFamilies: ["client_cert_"],
  // The chain never goes without the leaf (section 2.3), so the leaf is not up for choice.
  variables: [chainHeader],
  write({ identity, chain }, { variables = [chainHeader] } = {}) {
    if (identity.verify !== "SUCCESS") return [];
    const lines: HeaderLine[] = [[leafHeader, printBytes(identity.certificate)]];
    // The order is that of TLS, and the leaf is not in it (section 2.3). An empty list is no field (RFC 9651 section 3.1).
    if (chain.length > 0 && variables.includes(chainHeader)) {
      lines.push([chainHeader, chain.map(printBytes).join(", ")]);
    }
    return lines;
  },
  read(lines) {
    const leaf = onlyValue(lines, leafHeader);
    const chain = onlyValue(lines, chainHeader);
    if (leaf === undefined && chain === undefined) return undefined;
    if (leaf === undefined) {
      throw new IdentityError("subject-missing", `The request carries ${chainHeader} without ${leafHeader}.`);
    }
    if (chain !== undefined) checkList(chain);
    return assertedBy(readCertificate(parseBytes(leaf)));
  },
};

/** A byte sequence (RFC 9651 section 3.3.5): base64 between colons. */
function printBytes({ der }: Certificate): string {
  return `:${der.toString("base64")}:`;
}

/** Parameters are allowed by RFC 9651 and given no meaning by RFC 9440: a line that has some is not ours. */
function parseBytes(item: string): Buffer {
  const [, base64] = /^:([^:]*):$/.exec(item) ?? [];
  return base64 === undefined ? malformed(leafHeader) : decodeBase64(base64);
}

function checkList(list: string): void {
  if (!/^:[^:]*:(?:[ \t]*,[ \t]*:[^:]*:)*$/.test(list)) malformed(chainHeader);
  for (const [, base64 = ""] of list.matchAll(/:([^:]*):/g)) decodeBase64(base64);
}

function malformed(name: string): never {
  throw new IdentityError("certificate-malformed", `${name} does not hold base64 between colons.`);
}
