/** How long the request's body is, in our own words (RFC 9112 section 6): the client's framing never reaches the upstream. */
import { Refusal } from "../refuse/refusal.ts";

export type Framing = {
  readonly body: "none" | "length" | "chunked";
  /** The one framing line that goes upstream, with its CRLF, or nothing. */
  readonly line: string;
};

type RequestHead = {
  readonly method?: string | undefined;
  readonly httpVersion: string;
  readonly headers: {
    readonly "transfer-encoding"?: string | undefined;
    readonly "content-length"?: string | undefined;
  };
};

const none: Framing = { body: "none", line: "" };
const empty: Framing = { body: "none", line: "Content-Length: 0\r\n" };
const chunked: Framing = { body: "chunked", line: "Transfer-Encoding: chunked\r\n" };
/** Methods whose meaning wants content: they say so when there is none (RFC 9110 section 8.6). */
const expectsContent = new Set(["POST", "PUT", "PATCH"]);

/**
 * @param maxBody octets of a body whose length is announced; of one in chunks, they are counted as they come
 * @throws Refusal `request-malformed`, `transfer-coding-unsupported` or `content-too-large`
 */
export function framingOf({ method = "", httpVersion, headers }: RequestHead, maxBody = Infinity): Framing {
  if (httpVersion !== "1.1" && httpVersion !== "1.0")
    throw new Refusal("request-malformed", `HTTP/${httpVersion}`);
  const coding = headers["transfer-encoding"];
  const length = headers["content-length"];
  if (coding !== undefined) {
    if (length !== undefined)
      throw new Refusal("request-malformed", "both Content-Length and Transfer-Encoding");
    if (httpVersion !== "1.1") throw new Refusal("request-malformed", "Transfer-Encoding in HTTP/1.0");
    if (coding.toLowerCase() !== "chunked")
      throw new Refusal("transfer-coding-unsupported", "a coding other than chunked");
    return chunked;
  }
  if (length === undefined) return expectsContent.has(method) ? empty : none;
  if (!/^\d{1,15}$/.test(length)) throw new Refusal("request-malformed", "Content-Length is not a number");
  if (Number(length) > maxBody)
    throw new Refusal("content-too-large", `${Number(length)} octets, and ${maxBody} may be`);
  return Number(length) === 0 ? empty : { body: "length", line: `Content-Length: ${Number(length)}\r\n` };
}
