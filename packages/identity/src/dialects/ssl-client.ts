/** The default: mod_ssl's names with RFC 4514 text in pure ASCII. It carries every subject. */
import type { DistinguishedName } from "../distinguished-name.ts";
import { parseRfc4514, printRfc4514 } from "../rfc4514.ts";
import { fourHeaders } from "./four-headers.ts";

/**
 * HTTP trims the spaces around a field's value, so one that ends the name is written as `\20`, which RFC 4514 reads as
 * the same. (openssl prints `\ `, and a backslash alone would be left of it.)
 */
const print = (name: DistinguishedName) => printRfc4514(name).replace(/\\ $/, "\\20");

export const sslClient = fourHeaders("ssl-client", {
  printSubject: print,
  printIssuer: print,
  parse: parseRfc4514,
});
