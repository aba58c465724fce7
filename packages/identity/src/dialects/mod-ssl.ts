/** What Apache httpd sends since 2.3.11: RFC 2253 names in UTF-8. */
import type { DistinguishedName } from "../distinguished-name.ts";
import { parseRfc4514, printRfc2253 } from "../rfc4514.ts";
import { modSslDialect } from "./mod-ssl/mod-ssl-dialect.ts";
import { keepLastSpace } from "./mod-ssl/name-form.ts";

const print = (name: DistinguishedName) => keepLastSpace(printRfc2253(name));

/**
 * Octet for octet what `RequestHeader set SSL_CLIENT_S_DN "%{SSL_CLIENT_S_DN}s"` sends. Names and values keep what is not
 * ASCII, in UTF-8; most frameworks take header octets for Latin-1, so the backend has to decode them itself.
 *
 * Raw means raw: U+0085, U+2028, zero-width characters and direction overrides stand there as they do in the certificate,
 * as in Apache. They cannot leave the header, but a log or a page that shows the name has to cope with them. CR, LF, NUL
 * and the other controls of ASCII are escaped as `\0D`.
 */
export const modSsl = modSslDialect("mod_ssl", {
  printSubject: print,
  printTrusted: print,
  parseSubject: parseRfc4514,
  parseIssuer: parseRfc4514,
  values: "utf-8",
});
