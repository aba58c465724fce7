/** The first half of every outbound head: the client's lines without those that are the gateway's to write. */
import { foldName } from "@sallyport/identity";
import { Refusal } from "../refuse/refusal.ts";
import { classify } from "./classify.ts";

export type Sanitised = {
  /** The request's one Host. */
  readonly host: string;
  /** Header lines ready for the wire, each with its CRLF. */
  readonly lines: string;
};

/** More lines than any client sends. The parser's own cap would cut the rest off silently (CVE-2026-58044), so it is off. */
const mostLines = 100;

/** reg-name, IPv4 or bracketed IPv6, with an optional port (RFC 9110 section 7.2); no userinfo, no escapes. */
const hostPattern = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * @param rawHeaders names and values in turn, as they arrived; values already proved free of CR, LF and NUL by the parser
 * @param connection the Connection field, joined: every name in it is dropped too, in every spelling that folds alike
 * @param unwanted folded names that the route wants to be dropped as well
 * @throws Refusal `host-invalid` or `head-too-large`
 */
export function sanitise(
  rawHeaders: readonly string[],
  connection: string | undefined,
  unwanted?: ReadonlySet<string>,
): Sanitised {
  if (rawHeaders.length > 2 * mostLines) throw new Refusal("head-too-large", `more than ${mostLines} lines`);
  const nominated = nominatedBy(connection);
  let host: string | undefined;
  let hosts = 0;
  let lines = "";
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const kind = classify(name);
    if (kind === "forward") {
      if (!nominated?.has(foldName(name)) && !unwanted?.has(foldName(name)))
        lines += `${name}: ${rawHeaders[at + 1] ?? ""}\r\n`;
    } else if (kind === "host") {
      hosts += 1;
      host = rawHeaders[at + 1];
    }
  }
  if (hosts !== 1 || host === undefined || !hostPattern.test(host))
    throw new Refusal("host-invalid", `${hosts} Host lines`);
  return { host, lines };
}

/** The names a client declares hop-by-hop. Nearly every request says only keep-alive or close: nothing to do for those. */
function nominatedBy(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || /^(?:keep-alive|close|upgrade)$/i.test(connection)) return undefined;
  return new Set(connection.split(",").map((token) => foldName(token.trim())));
}
