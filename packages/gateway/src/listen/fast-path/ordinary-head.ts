/**
 * The heads of ordinary requests, which have nothing about them that anybody could read in two ways. All others are Node's parser's
 * to judge: what is taken here it would take as well, for the same request; `test/e2e/the-fast-path-reads-as-node-reads` asks it.
 */
import { withoutOws } from "../../without-ows.ts";
import { fieldsOf, type Fields } from "../request.ts";

export type OrdinaryHead = {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names and values in turn, as they arrived. */
  readonly rawHeaders: string[];
  readonly headers: Fields;
  /** Whether the client wants to go on using the connection. */
  readonly persistent: boolean;
};

/**
 * One line for each thing that is said, each with its CRLF (RFC 9112 sections 2 to 5), and nothing behind the empty one: a target
 * in origin-form, tokens for names, no control octets but HTAB in values.
 */
const ordinary =
  /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*) HTTP\/1\.1\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+\r\n$/;

/**
 * @param octets all that has come
 * @param most octets of a head
 * @returns `undefined` unless they are the whole of one ordinary request without a body
 */
export function readOrdinaryHead(octets: Buffer, most: number): OrdinaryHead | undefined {
  if (octets.length > most) return undefined;
  const text = octets.toString("latin1");
  const [, method, url] = ordinary.exec(text) ?? [];
  if (method === undefined || url === undefined) return undefined;
  const rawHeaders = linesOf(text, text.indexOf("\r\n") + 2);
  const headers = fieldsOf(rawHeaders);
  const { connection } = headers;
  if (connection !== undefined && !/^(?:keep-alive|close)$/i.test(connection)) return undefined;
  if (saysMore(headers)) return undefined;
  return { method, url, rawHeaders, headers, persistent: connection?.toLowerCase() !== "close" };
}

/** Of a body, of an answer that it waits for, or of its connection, in a line that is nobody's standard and that llhttp reads. */
function saysMore(headers: Fields): boolean {
  return (
    headers["content-length"] !== undefined ||
    headers["transfer-encoding"] !== undefined ||
    headers.expect !== undefined ||
    headers["proxy-connection"] !== undefined
  );
}

/** @param from where the first of them begins, in a head that is known to have the shape */
function linesOf(text: string, from: number): string[] {
  const lines: string[] = [];
  const last = text.length - 2;
  for (let at = from; at < last;) {
    const colon = text.indexOf(":", at);
    const end = text.indexOf("\r\n", colon);
    lines.push(text.slice(at, colon), withoutOws(text, colon + 1, end));
    at = end + 2;
  }
  return lines;
}
