/**
 * nginx: the headers that ingress-nginx sends, and nginx's other variables under the names they are customarily given,
 * `$ssl_client_serial` as `ssl-client-serial`. Values are those of the variables: names as RFC 2253 text in pure ASCII.
 *
 * Four differ on purpose. A space that ends a name is `\20`, as HTTP would take it away behind nginx's backslash. A value
 * that is a `#` alone is escaped. A serial number of more than 35 octets is not broken into lines, which no header can be.
 * Why a certificate was not believed is a code and not OpenSSL's sentence, which changes with its version.
 */
import { printLegacyName, unambiguous } from "../legacy-name.ts";
import type { Certificate } from "../certificate.ts";
import { assertedFrom } from "../wire/asserted-from.ts";
import type { Dialect, TlsFacts } from "./dialect.ts";
import { dnValue, parseDnValue } from "../wire/dn-value.ts";
import { parseEscapedPem } from "../wire/escaped-pem.ts";
import { isVerified } from "../wire/is-verified.ts";
import { linesOf } from "../wire/lines-of.ts";
import { printTime } from "./mod-ssl/time-text.ts";
import { onlyValues } from "../wire/only-values.ts";
import { percentEncode } from "../wire/percent.ts";

const verdict = "ssl-client-verify";
/** What ingress-nginx sends beside the verdict, and what is read back. */
const usual = {
  subject: "ssl-client-subject-dn",
  issuer: "ssl-client-issuer-dn",
  certificate: "ssl-client-cert",
} as const;
const alsoRead = { serialNumber: "ssl-client-serial", sha1: "ssl-client-fingerprint" } as const;

/** Exactly what nginx leaves literal in `$ssl_client_escaped_cert`. */
const unreserved = /[A-Za-z0-9._~-]/;

type Variables<Facts> = Readonly<Record<string, (facts: Facts, now: number) => string | undefined>>;

const ofCertificate: Variables<Certificate> = {
  [usual.subject]: ({ subject }) => dnValue(subject),
  [usual.issuer]: ({ issuer }) => dnValue(issuer),
  [usual.certificate]: ({ pem }) => percentEncode(pem, unreserved),
  [alsoRead.serialNumber]: ({ serialNumber }) => serialNumber,
  [alsoRead.sha1]: ({ sha1 }) => sha1,
  "ssl-client-s-dn-legacy": ({ subject }) => printLegacyName(unambiguous(subject)),
  // The operator's own authority is never refused; but HTTP would take its last space away.
  "ssl-client-i-dn-legacy": ({ issuer }) => printLegacyName(issuer).replace(/ $/, "\\x20"),
  "ssl-client-v-start": ({ notBefore }) => printTime(notBefore),
  "ssl-client-v-end": ({ notAfter }) => printTime(notAfter),
  /** Whole days, rounded down: 0 on the last one. */
  "ssl-client-v-remain": ({ notAfter }, now) =>
    String(Math.max(0, Math.floor((Math.floor(notAfter / 1000) - Math.floor(now / 1000)) / 86_400))),
};

const ofConnection: Variables<TlsFacts> = {
  "ssl-protocol": ({ protocol }) => protocol,
  "ssl-cipher": ({ cipher }) => cipher,
  // The client chooses it, and what is no host name (RFC 6066 section 3) is nothing to pass on.
  "ssl-server-name": ({ serverName = "" }) => (/^[A-Za-z0-9._-]+$/.test(serverName) ? serverName : undefined),
  "ssl-session-id": ({ sessionId }) => sessionId,
  "ssl-session-reused": ({ resumed }) => (resumed ? "r" : "."),
};

const names = [verdict, ...Object.keys(ofCertificate), ...Object.keys(ofConnection)];

export const nginx: Dialect = {
  name: "nginx",
  headerNames: names,
  headerFamilies: ["ssl_client_"],
  variables: names,
  // The verdict is always told: without it no reader believes anything.
  write({ identity, tls, now }, { variables = Object.values(usual) } = {}) {
    const wanted = [verdict, ...variables];
    const say = <Facts>(all: Variables<Facts>, facts: Facts | undefined) =>
      Object.entries(all)
        .filter(([name]) => facts !== undefined && wanted.includes(name))
        .map(([name, print]) => [name, facts && print(facts, now)] as const);
    return linesOf([
      [verdict, identity.verify === "FAILED" ? `FAILED:${toAscii(identity.reason)}` : identity.verify],
      ...say(ofCertificate, identity.verify === "SUCCESS" ? identity.certificate : undefined),
      ...say(ofConnection, tls),
    ]);
  },
  read(lines) {
    const told = onlyValues(lines, { ...usual, ...alsoRead });
    if (!isVerified(lines, verdict, told)) return undefined;
    return assertedFrom(told.certificate ? parseEscapedPem(told.certificate) : undefined, {
      subject: parseDnValue(told.subject),
      issuer: parseDnValue(told.issuer),
      serialNumber: told.serialNumber,
      sha1: told.sha1,
    });
  },
};

function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").trimEnd();
}
