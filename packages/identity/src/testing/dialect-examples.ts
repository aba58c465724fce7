/** The chapter of README.md that shows what each dialect writes. Generated, so that it cannot say what the code does not. */
import { readCertificate } from "../certificate.ts";
import { anonymous, type ClientIdentity } from "../client-identity.ts";
import type { Connection, Dialect, HeaderLine } from "../dialects/dialect.ts";
import { dialects } from "../dialects/index.ts";
import { writeIdentity, type Speech } from "../write-identity.ts";
import { mintCertificate } from "./der.ts";
import { exampleCertificate } from "./example-certificate.ts";
import { freshConnection } from "./fresh-connection.ts";
import { withAltNames } from "./with-alt-names.ts";

const remarks: Readonly<Record<string, string>> = {
  "ssl-client": "The default: the names that Apache gives them, RFC 4514 text in pure ASCII. It carries every subject.",
  mod_ssl: "Apache httpd since 2.3.11, octet for octet. Text that is not ASCII is UTF-8, and most frameworks take header octets for Latin-1: our reader decodes it, others must.", 
  "mod_ssl-legacy": "Apache with `SSLOptions +LegacyDNStringFormat`. The slash form has no sound escape: a subject that could be read as another one is refused with `subject-ambiguous`.",
  nginx: "What ingress-nginx sends: names in RFC 2253 as pure ASCII, the certificate percent-encoded.",
  haproxy: "The headers of HAProxy's documentation, names in the slash form: what that cannot carry is refused. HAProxy writes `X-SSL-Client-Verify: 0` for everybody without a certificate too; we do not.",
  envoy: "Envoy and Istio, as with `SANITIZE_SET`: one element, never appended to.",
  traefik: "Traefik's PassTLSClientCert: the certificate as base64, and what stands in it. Traefik escapes nothing there; what would forge a field is refused.",
  "aws-alb": "AWS Application Load Balancer in verify mode.",
  gcp: "Google Cloud Application Load Balancer. Names are base64 of their DER.",
  azure: "Azure Application Gateway, under the names that its rewrite rules customarily set.",
  cloudflare: "Cloudflare: the verdict, and the certificate as base64.",
  rfc9440: "The standard: the whole certificate, and the authorities above it where the client sent them. An answer that depends on it needs `Vary: Client-Cert` or `no-store`.",
  "remote-user": "What oauth2-proxy, Authelia and their kin send: a name and an e-mail address, nothing more. It carries no issuer, so use it only where one authority is trusted.",
}; // prettier-ignore

/** Variables worth showing beside a dialect's usual ones. */
const chosen: Readonly<Record<string, readonly string[]>> = {
  mod_ssl: [
    "SSL_CLIENT_S_DN",
    "SSL_CLIENT_S_DN_CN",
    "SSL_CLIENT_SAN_Email",
    "SSL_CLIENT_M_SERIAL",
    "SSL_CLIENT_V_END",
    "SSL_CLIENT_V_REMAIN",
    "SSL_PROTOCOL",
    "SSL_CIPHER",
  ],
};

/** @returns Markdown: a heading for each dialect and the lines that it writes; the same text in every run */
export function dialectExamples(): string {
  return dialects.map(chapter).join("\n");
}

function chapter(dialect: Dialect): string {
  const { name } = dialect;
  const variables = chosen[name];
  const remark = remarks[name];
  return [
    `### \`${name}\`\n`,
    ...(remark === undefined ? [] : [`${remark}\n`]),
    `${request(written(dialect))}\n`,
    ...(variables ? [`\`{ dialect: ${name}, variables: [${variables.join(", ")}] }\`:\n`, `${request(written(dialect, { variables }))}\n`] : []),
    `${withoutCertificate(written(dialect, { identity: anonymous }))} ${learned(dialect)}`,
    "",
  ].join("\n"); // prettier-ignore
}

const grace: ClientIdentity = { verify: "SUCCESS", certificate: exampleCertificate };

const connection: Connection = {
  identity: grace,
  chain: [],
  server: undefined,
  tls: freshConnection,
  now: Date.UTC(2026, 5, 1),
};

function written(
  dialect: Dialect,
  { identity = grace, variables }: { identity?: ClientIdentity; variables?: readonly string[] } = {},
): HeaderLine[] {
  const speech: Speech = { dialect, variables, spelling: "as-is" };
  return writeIdentity({ ...connection, identity }, [speech]);
}

function request(lines: readonly HeaderLine[]): string {
  const head = lines.map(([name, value]) => `${name}: ${value}`);
  return ["```http", "GET / HTTP/1.1", "Host: flask.local", ...head, "```"].join("\n");
}

function withoutCertificate(lines: readonly HeaderLine[]): string {
  const said = lines.map(([name, value]) => `\`${name}: ${value}\``).join(", ");
  return `Without a certificate: ${said === "" ? "none of these lines" : said}.`;
}

/** A certificate that reads as one, with something in every field that a dialect could carry. */
const readable = readCertificate(
  withAltNames(mintCertificate({}), {
    emails: ["subject@flask.local"],
    dnsNames: ["subject.flask.local"],
    uris: ["spiffe://flask.local/subject"],
  }),
);

function learned(dialect: Dialect): string {
  const lines = written(dialect, { identity: { verify: "SUCCESS", certificate: readable } });
  const asserted = dialect.read(lines);
  if (asserted?.certificate) return "`readIdentity` gives the whole `certificate`.";
  const fields = Object.entries({ ...asserted }).filter(([, value]) => [value ?? []].flat().length > 0);
  return `\`readIdentity\` gives ${fields.map(([field]) => `\`${field}\``).join(", ")}.`;
}
