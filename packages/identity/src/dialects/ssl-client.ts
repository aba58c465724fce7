/** The default: mod_ssl's names with RFC 4514 text in pure ASCII. It carries every subject. */
import { parseRfc4514, printRfc4514 } from "../rfc4514.ts";
import { fourHeaders } from "./four-headers.ts";

export const sslClient = fourHeaders("ssl-client", {
  printSubject: printRfc4514,
  printIssuer: printRfc4514,
  parse: parseRfc4514,
});
