/** The head of an upstream's answer (RFC 9112 sections 4 to 6), read strictly: on any doubt there is no answer. */
import { Refusal } from "../refuse/refusal.ts";
import { withoutOws } from "../without-ows.ts";

export type ResponseHead = {
  readonly status: number;
  readonly reason: string;
  /** End-to-end header lines, names and values in turn. */
  readonly headers: string[];
  /** Where the body ends: at once, after `length` octets, with its last chunk, or with the connection. */
  readonly body: "none" | "length" | "chunked" | "close";
  readonly length: number;
  /** Whether the connection may carry another exchange, and for how many seconds it may wait for it (if the upstream said). */
  readonly persistent: boolean;
  readonly keepAlive: number | undefined;
};

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: (.*))?$/;
const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Any control octet but HTAB; a CR or LF that is not part of a CRLF as well. */
const control = /[\0-\x08\x0a-\x1f\x7f]/;

type Meaning = "length" | "coding" | "connection" | "keep-alive" | "drop" | "forward";
const meanings = new Map<string, Meaning>([
  ["content-length", "length"],
  ["transfer-encoding", "coding"],
  ["connection", "connection"],
  ["keep-alive", "keep-alive"],
  ...[
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
    "http2-settings",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-authentication-info",
  ].map((name) => [name, "drop"] as const),
]);
const held = new Map<string, Meaning>();

/** Names repeat from answer to answer; an unknown one is checked once. */
function meaningOf(name: string): Meaning {
  let meaning = held.get(name);
  if (meaning === undefined) {
    if (!tokenPattern.test(name)) throw invalid("a header name that is no token");
    meaning = meanings.get(name.toLowerCase()) ?? "forward";
    if (held.size < 1000) held.set(name, meaning);
  }
  return meaning;
}

/**
 * @param text the head without its last CRLFCRLF, octets as Latin-1
 * @param method of the request: an answer to HEAD has no body whatever it says
 * @throws Refusal `upstream-invalid`
 */
export function parseResponseHead(text: string, method: string): ResponseHead {
  const lines = text.split("\r\n");
  if (lines.some((line) => control.test(line))) throw invalid("a control character in the head");
  const [first = "", ...fields] = lines;
  const [, minor, digits, reason = ""] = statusLine.exec(first) ?? [];
  if (digits === undefined) throw invalid("no HTTP/1.x status line");
  const status = Number(digits);
  const headers: string[] = [];
  let length: number | undefined;
  let isChunked = false;
  let connection = "";
  let keepAlive: number | undefined;
  for (const field of fields) {
    const colon = field.indexOf(":");
    const name = field.slice(0, Math.max(colon, 0));
    const value = withoutOws(field, colon + 1);
    switch (meaningOf(name)) {
      case "forward":
        headers.push(name, value);
        break;
      case "length":
        if (length !== undefined || !/^\d{1,15}$/.test(value))
          throw invalid("a Content-Length that is no number, or two");
        length = Number(value);
        headers.push(name, value);
        break;
      case "coding":
        if (isChunked || minor === "0" || value.toLowerCase() !== "chunked")
          throw invalid("a Transfer-Encoding other than chunked");
        isChunked = true;
        break;
      case "connection":
        connection += `,${value.toLowerCase()}`;
        break;
      case "keep-alive":
        keepAlive = Number(/timeout=(\d{1,6})/i.exec(value)?.[1] ?? NaN) || undefined;
        break;
      case "drop":
    }
  }
  if (isChunked && length !== undefined) throw invalid("both Content-Length and Transfer-Encoding");
  const nominated = connection === "" ? [] : connection.split(",").map((token) => token.trim());
  return {
    status,
    reason,
    headers: withoutNominated(withoutLength(headers, status), nominated),
    body: bodyOf(status, method, length, isChunked),
    length: length ?? 0,
    persistent: minor === "1" && !nominated.includes("close"),
    keepAlive,
  };
}

function bodyOf(
  status: number,
  method: string,
  length: number | undefined,
  isChunked: boolean,
): ResponseHead["body"] {
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return "none";
  if (isChunked) return "chunked";
  return length === undefined ? "close" : "length";
}

/** A 1xx or 204 has no Content-Length (RFC 9110 section 8.6); one that says it has would shift the client's next answer. */
function withoutLength(headers: string[], status: number): string[] {
  return status < 200 || status === 204 ? dropNames(headers, ["content-length"]) : headers;
}

function withoutNominated(headers: string[], nominated: string[]): string[] {
  const names = nominated.filter(
    (name) => name !== "" && name !== "close" && name !== "keep-alive" && name !== "content-length",
  );
  return names.length === 0 ? headers : dropNames(headers, names);
}

function dropNames(headers: string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    if (!names.includes(name.toLowerCase())) kept.push(name, headers[at + 1] ?? "");
  }
  return kept;
}

function invalid(detail: string): Refusal {
  return new Refusal("upstream-invalid", `The upstream sent ${detail}.`);
}
