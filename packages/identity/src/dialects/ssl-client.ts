/** The default: mod_ssl's names with RFC 4514 text in pure ASCII. It carries every subject. */
import type { DistinguishedName } from "../distinguished-name.ts";
import { parseRfc4514, printRfc4514 } from "../rfc4514.ts";
import { modSslDialect } from "./mod-ssl/mod-ssl-dialect.ts";
import { keepLastSpace } from "./mod-ssl/name-form.ts";

const print = (name: DistinguishedName) => keepLastSpace(printRfc4514(name));

/** Single values are ASCII too, written as in the name: `Zoë` is `Zo\C3\AB` in SSL_CLIENT_S_DN_CN. */
export const sslClient = modSslDialect("ssl-client", {
  printSubject: print,
  printTrusted: print,
  parseSubject: parseRfc4514,
  parseIssuer: parseRfc4514,
  values: "ascii",
});
