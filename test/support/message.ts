/** One HTTP/1.1 message read octet by octet, more strictly than any server: what is not certain is a problem. */

export type Message = {
  readonly startLine: string;
  /** Header lines as they arrived. */
  readonly lines: readonly (readonly [name: string, value: string])[];
  readonly trailers: readonly string[];
  /** The content, without its framing. */
  readonly body: Buffer;
  /** The index behind the message's last octet. */
  readonly end: number;
};

/** `incomplete`: more octets could still make it whole. `broken`: nothing can. */
export type Reading =
  | { readonly state: "whole"; readonly message: Message }
  | { readonly state: "incomplete" | "broken"; readonly why: string };

/** Whether a message has a body that its header lines do not announce, or none although they do. */
export type BodyRule = "as framed" | "none" | "until close";

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** @param ruleOf told the start line; the framing of an answer depends on its status and on the request */
export function readMessage(octets: Buffer, from: number, ruleOf: (startLine: string) => BodyRule): Reading {
  const headEnd = octets.indexOf("\r\n\r\n", from);
  if (headEnd < 0) return { state: "incomplete", why: "the head does not end" };
  const head = octets.toString("latin1", from, headEnd);
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/.test(head)) return broken("a control in the head");
  const [startLine = "", ...fields] = head.split("\r\n");
  const lines: [string, string][] = [];
  for (const field of fields) {
    const colon = field.indexOf(":");
    const name = field.slice(0, Math.max(colon, 0));
    if (!token.test(name)) return broken(`no header line: ${JSON.stringify(field)}`);
    lines.push([name, field.slice(colon + 1).trim()]);
  }
  const whole = (body: Buffer, end: number, trailers: string[] = []): Reading => ({
    state: "whole",
    message: { startLine, lines, trailers, body, end },
  });
  const start = headEnd + 4;
  const rule = ruleOf(startLine);
  if (rule === "none") return whole(Buffer.alloc(0), start);
  const lengths = valuesOf(lines, "content-length");
  const codings = valuesOf(lines, "transfer-encoding");
  if (lengths.length + codings.length > 1) return broken("framed twice");
  if (codings.length === 1) {
    if (codings[0] !== "chunked") return broken(`Transfer-Encoding: ${codings[0] ?? ""}`);
    return readChunks(octets, start, whole);
  }
  if (lengths.length === 0) {
    return rule === "until close"
      ? whole(octets.subarray(start), octets.length)
      : whole(Buffer.alloc(0), start);
  }
  if (!/^\d+$/.test(lengths[0] ?? "")) return broken(`Content-Length: ${lengths[0] ?? ""}`);
  const end = start + Number(lengths[0]);
  if (end > octets.length) return { state: "incomplete", why: "the body does not end" };
  return whole(octets.subarray(start, end), end);
}

function readChunks(
  octets: Buffer,
  from: number,
  whole: (body: Buffer, end: number, trailers: string[]) => Reading,
): Reading {
  const pieces: Buffer[] = [];
  for (let at = from; ;) {
    const lineEnd = octets.indexOf("\r\n", at);
    if (lineEnd < 0) return { state: "incomplete", why: "a chunk size does not end" };
    const size = octets.toString("latin1", at, lineEnd);
    if (!/^[0-9A-Fa-f]{1,12}$/.test(size)) return broken(`chunk size ${JSON.stringify(size)}`);
    const start = lineEnd + 2;
    const end = start + parseInt(size, 16);
    if (end === start)
      return readTrailers(octets, start, (after, lines) => whole(Buffer.concat(pieces), after, lines));
    if (end + 2 > octets.length) return { state: "incomplete", why: "a chunk does not end" };
    if (octets.toString("latin1", end, end + 2) !== "\r\n") return broken("a chunk without its CRLF");
    pieces.push(octets.subarray(start, end));
    at = end + 2;
  }
}

function readTrailers(
  octets: Buffer,
  from: number,
  whole: (end: number, trailers: string[]) => Reading,
): Reading {
  const trailers: string[] = [];
  for (let at = from; ;) {
    const end = octets.indexOf("\r\n", at);
    if (end < 0) return { state: "incomplete", why: "the trailers do not end" };
    if (end === at) return whole(end + 2, trailers);
    trailers.push(octets.toString("latin1", at, end));
    at = end + 2;
  }
}

/** The values of a header, by its exact name in any case. */
export function valuesOf(lines: Message["lines"], name: string): string[] {
  return lines.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

function broken(why: string): Reading {
  return { state: "broken", why };
}
