/** Apache httpd in Sallyport's place: mod_ssl asks for the certificate, mod_headers tells the backend. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort } from "../../support/free-port.ts";
import { startProgram } from "./program.ts";
import type { Site } from "./site.ts";

const modules = ["mpm_event", "authz_core", "headers", "proxy", "proxy_http", "ssl"];
/** What brings an application under its prefix: ProxyPassReverse as the demo has it, and mod_proxy_html with Debian's list. */
const pageModules = ["filter", "xml2enc", "proxy_html"];
const pageLinks = ["a href", "area href", "link href", "img src longdesc usemap", "object classid codebase data usemap", "q cite", "blockquote cite", "ins cite", "del cite", "form action", "input src usemap", "head profile", "base href", "script src for"]; // prettier-ignore
const identityNames = ["SSL_CLIENT_S_DN", "SSL_CLIENT_I_DN", "SSL_SERVER_S_DN_OU", "SSL_CLIENT_VERIFY"];

export type ApacheOptions = {
  readonly depth?: number;
  /** `legacy`: with `SSLOptions +LegacyDNStringFormat`. */
  readonly names?: "legacy" | "rfc2253";
  /** The variables that the backend is told, each in a header of its name. */
  readonly variables?: readonly string[];
  /** Whether pages, redirects and cookies are rewritten as far as Apache can. */
  readonly pages?: boolean;
  /** The file of those whose clients are let in; the site's root unless given. */
  readonly authoritiesFile?: string;
};

/** @returns the port; `/flask/` goes to the upstream's `/`, everything else nowhere */
export async function startApache(
  context: TestContext,
  site: Site,
  upstream: string,
  {
    depth = 1,
    names = "legacy",
    variables = identityNames,
    authoritiesFile = site.rootFile,
    pages = false,
  }: ApacheOptions = {},
): Promise<number> {
  const port = await freePort();
  const file = join(site.folder, `apache-${port}.conf`);
  const lines = [
    ...[...modules, ...(pages ? pageModules : [])].map(
      (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
    ),
    `ServerRoot ${site.folder}`,
    `DefaultRuntimeDir ${site.folder}`,
    `PidFile ${site.folder}/apache-${port}.pid`,
    // not /dev/stderr: that can be opened again when it is a file, but not when it is a pipe of Node's
    'ErrorLog "|/bin/cat"',
    "LogLevel notice",
    "ServerName flask.local",
    `Listen 127.0.0.1:${port}`,
    "ServerLimit 1",
    "StartServers 1",
    "MaxRequestWorkers 25",
    // root gives its rights away; anybody else has none to give
    ...(process.getuid?.() === 0 ? ["User www-data", "Group www-data"] : []),
    "SSLEngine on",
    `SSLCertificateFile ${site.certificateFile}`,
    `SSLCertificateKeyFile ${site.keyFile}`,
    `SSLCACertificateFile ${authoritiesFile}`,
    "SSLVerifyClient require",
    `SSLVerifyDepth ${depth}`,
    `SSLOptions ${names === "legacy" ? "+" : "-"}LegacyDNStringFormat`,
    ...variables.map((name) => `RequestHeader set ${name} ""`),
    ...(pages ? pageLinks.map((link) => `ProxyHTMLLinks ${link}`) : []),
    "<Location /flask/>",
    `  ProxyPass ${upstream}`,
    ...(pages
      ? [
          "  ProxyPassReverse /",
          "  ProxyPassReverseCookiePath / /flask/",
          "  RequestHeader unset Accept-Encoding",
          "  ProxyHTMLEnable On",
          `  ProxyHTMLURLMap ${upstream} /flask/`,
          "  ProxyHTMLURLMap / /flask/",
        ]
      : [`  ProxyPassReverse ${upstream}`]),
    ...variables.map((name) => `  RequestHeader set ${name} "%{${name}}s"`),
    "</Location>",
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  const apache = await startProgram(context, "/usr/sbin/apache2", ["-D", "FOREGROUND", "-f", file]);
  await apache.says(/resuming normal operations/);
  return port;
}
