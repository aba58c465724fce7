/** Bodies whose length is a matter of opinion: request smuggling. */
import { METHODS } from "node:http";
import { inChunks, request, smuggled, type HostileRequest } from "./hostile-request.ts";

const length = `Content-Length: ${smuggled.length}`;
const chunked = "Transfer-Encoding: chunked";

function post(lines: readonly string[], body: string): string {
  return request("POST /flask/ HTTP/1.1", lines, body);
}
function forwarded(name: string, bytes: string, body?: string): HostileRequest {
  return { name, bytes, outcome: "forwarded", ...(body !== undefined && { body }) };
}
/** Whoever cannot say where this request ends cannot say where the next one begins. */
function refused(name: string, bytes: string): HostileRequest {
  return { name, bytes, outcome: "refused", closes: true };
}

const codings = [
  "xchunked", "chunkedx", "x-chunked", "chunke", "identity", "chunked, identity", "identity, chunked", "gzip, chunked",
  "chunked, gzip", "chunked, chunked", "gzip", "\x0bchunked", "chunked\x0b", '"chunked"', "'chunked'", "chunked;q=1",
  "chunked; x", ", chunked", "chunked,", "", "chunked chunked", "chun\x00ked", "\xa0chunked", "ch\xfcnked",
]; // prettier-ignore

const lengths = [
  "+5", "-5", "0x5", "5, 6", "5, 5", "5,", ",5", "5 5", "5;", "5.0", "5e0", "", "five", "99999999999999999999",
  "18446744073709551621", "\x0b5", "5\x0b", '"5"', "\xb25", "1_0",
]; // prettier-ignore

/** Each that Node's parser knows, but those that the gateway does not pass on. */
const methods = METHODS.filter((method) => method !== "CONNECT" && method !== "TRACE");

export const framing: readonly HostileRequest[] = [
  refused("Content-Length and Transfer-Encoding", post([length, chunked], `0\r\n\r\n${smuggled}`)),
  refused("Transfer-Encoding and Content-Length", post([chunked, "Content-Length: 5"], `0\r\n\r\n${smuggled}`)),
  refused("Content-Length: 0 and Transfer-Encoding", post(["Content-Length: 0", chunked], inChunks(smuggled))),
  refused("both with GET", request("GET /flask/ HTTP/1.1", ["Content-Length: 5", chunked], `0\r\n\r\n${smuggled}`)),
  ...codings.map((coding) => refused(`Transfer-Encoding: ${JSON.stringify(coding)}`, post([`Transfer-Encoding: ${coding}`], inChunks(smuggled)))),
  ...codings.map((coding) => refused(`Transfer-Encoding: ${JSON.stringify(coding)} and a length`, post([`Transfer-Encoding: ${coding}`, length], smuggled))),
  refused("Transfer-Encoding twice", post([chunked, chunked], inChunks(smuggled))),
  refused("Transfer-Encoding chunked and identity", post([chunked, "Transfer-Encoding: identity"], inChunks(smuggled))),
  refused("Transfer-Encoding identity and chunked", post(["Transfer-Encoding: identity", chunked], inChunks(smuggled))),
  refused("Transfer-Encoding with a space before the colon", post(["Transfer-Encoding : chunked", length], inChunks(smuggled))),
  refused("Transfer-Encoding folded over two lines", post(["Transfer-Encoding:", " chunked", length], inChunks(smuggled))),
  forwarded("Transfer-Encoding in capitals", post(["TRANSFER-ENCODING: CHUNKED"], inChunks(smuggled)), smuggled),
  refused("Transfer-Encoding between tabs", post(["Transfer-Encoding:\tchunked\t"], inChunks(smuggled))),
  forwarded("Transfer_Encoding is no framing", post(["Transfer_Encoding: chunked", length], smuggled), smuggled),
  forwarded("Transfer.Encoding is no framing", post(["Transfer.Encoding: chunked", length], smuggled), smuggled),
  forwarded("Content_Length is no framing", post(["Content_Length: 0", length], smuggled), smuggled),
  forwarded("Content.Length is no framing", post(["Content.Length: 0", chunked], inChunks(smuggled)), smuggled),
  refused("Transfer-Encoding in HTTP/1.0", request("POST /flask/ HTTP/1.0", [chunked], inChunks("hi") + smuggled)),
  refused("Transfer-Encoding in HTTP/1.0, kept alive", request("POST /flask/ HTTP/1.0", [chunked, "Connection: keep-alive"], inChunks("hi") + smuggled)),

  ...lengths.map((value) => refused(`Content-Length: ${JSON.stringify(value)}`, post([`Content-Length: ${value}`], `hello${smuggled}`))),
  refused("Content-Length twice, two values", post(["Content-Length: 0", length], smuggled)),
  refused("Content-Length twice, two values, the other way", post([length, "Content-Length: 0"], smuggled)),
  refused("Content-Length twice, one value", post([length, length], smuggled)),
  refused("Content-Length twice in two cases", post(["content-length: 0", length], smuggled)),
  refused("Content-Length with a space before the colon", post(["Content-Length : 0", length], smuggled)),
  forwarded("Content-Length with zeros", post(["Content-Length: 0000000002"], "hi"), "hi"),
  { name: "Content-Length that is never reached", bytes: post(["Content-Length: 999999999999999"], smuggled), outcome: "either" },
  refused("Content-Length of 16 digits", post(["Content-Length: 0000000000000002"], `hi${smuggled}`)),

  ...methods.flatMap((method) => [
    forwarded(`a chunked ${method} whose body is a request`, request(`${method} /flask/ HTTP/1.1`, [chunked], inChunks(smuggled)), smuggled),
    forwarded(`a ${method} with a length whose body is a request`, request(`${method} /flask/ HTTP/1.1`, [length], smuggled), smuggled),
  ]),
  forwarded("a chunked DELETE in many chunks", request("DELETE /flask/ HTTP/1.1", [chunked], inChunks("a", inChunks(smuggled))), `a${smuggled}`),
  forwarded("a chunked DELETE with an extension", request("DELETE /flask/ HTTP/1.1", [chunked], `${smuggled.length.toString(16)};a=b\r\n${smuggled}\r\n0\r\n\r\n`), smuggled),
  forwarded("a chunked OPTIONS with Expect", request("OPTIONS /flask/ HTTP/1.1", [chunked, "Expect: 100-continue"], inChunks(smuggled)), smuggled),
  refused("a body that nobody announced", request("POST /flask/ HTTP/1.1", ["Connection: close", "X-A: a\x00"], smuggled)),
]; // prettier-ignore
