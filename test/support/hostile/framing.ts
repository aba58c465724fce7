/** Bodies whose length is a matter of opinion: request smuggling. */
import { forged, get, inChunks, request, smuggled, type HostileRequest } from "./hostile-request.ts";

const length = `Content-Length: ${smuggled.length}`;
const chunked = "Transfer-Encoding: chunked";

function post(lines: readonly string[], body: string): string {
  return request("POST /flask/ HTTP/1.1", lines, body);
}
function forwarded(name: string, bytes: string): HostileRequest {
  return { name, bytes, outcome: "forwarded" };
}
function refused(name: string, bytes: string): HostileRequest {
  return { name, bytes, outcome: "refused" };
}
function either(name: string, bytes: string, requests = 1): HostileRequest {
  return { name, bytes, outcome: "either", requests };
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

const sizes = [
  "FFFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFF", "10000000000000005", "0x5", "-1", "+5", " 5", "5 x", "x", "", "5_", "5.0", "5,", "\t5", "g",
]; // prettier-ignore

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
  forwarded("Transfer-Encoding in capitals", post(["TRANSFER-ENCODING: CHUNKED"], inChunks(smuggled))),
  either("Transfer-Encoding between tabs", post(["Transfer-Encoding:\tchunked\t"], inChunks(smuggled))),
  forwarded("Transfer_Encoding is no framing", post(["Transfer_Encoding: chunked", length], smuggled)),
  forwarded("Transfer.Encoding is no framing", post(["Transfer.Encoding: chunked", length], smuggled)),
  forwarded("Content_Length is no framing", post(["Content_Length: 0", length], smuggled)),
  forwarded("Content.Length is no framing", post(["Content.Length: 0", chunked], inChunks(smuggled))),
  refused("Transfer-Encoding in HTTP/1.0", request("POST /flask/ HTTP/1.0", [chunked], inChunks("hi") + smuggled)),
  refused("Transfer-Encoding in HTTP/1.0, kept alive", request("POST /flask/ HTTP/1.0", [chunked, "Connection: keep-alive"], inChunks("hi") + smuggled)),

  ...lengths.map((value) => refused(`Content-Length: ${JSON.stringify(value)}`, post([`Content-Length: ${value}`], `hello${smuggled}`))),
  refused("Content-Length twice, two values", post(["Content-Length: 0", length], smuggled)),
  refused("Content-Length twice, two values, the other way", post([length, "Content-Length: 0"], smuggled)),
  refused("Content-Length twice, one value", post([length, length], smuggled)),
  refused("Content-Length twice in two cases", post(["content-length: 0", length], smuggled)),
  refused("Content-Length with a space before the colon", post(["Content-Length : 0", length], smuggled)),
  either("Content-Length with zeros", post(["Content-Length: 0000000002"], "hi")),
  either("Content-Length that is never reached", post(["Content-Length: 999999999999999"], smuggled)),

  ...["DELETE", "OPTIONS", "GET", "HEAD", "PUT", "PATCH", "POST", "PROPFIND", "REPORT"].flatMap((method) => [
    forwarded(`a chunked ${method} whose body is a request`, request(`${method} /flask/ HTTP/1.1`, [chunked], inChunks(smuggled))),
    forwarded(`a ${method} with a length whose body is a request`, request(`${method} /flask/ HTTP/1.1`, [length], smuggled)),
  ]),
  forwarded("a chunked DELETE in many chunks", request("DELETE /flask/ HTTP/1.1", [chunked], inChunks("a", inChunks(smuggled)))),
  forwarded("a chunked DELETE with an extension", request("DELETE /flask/ HTTP/1.1", [chunked], `${smuggled.length.toString(16)};a=b\r\n${smuggled}\r\n0\r\n\r\n`)),
  forwarded("a chunked OPTIONS with Expect", request("OPTIONS /flask/ HTTP/1.1", [chunked, "Expect: 100-continue"], inChunks(smuggled))),
  refused("a body that nobody announced", request("POST /flask/ HTTP/1.1", ["Connection: close", "X-A: a\x00"], smuggled)),
  { name: "a GET without framing, then octets that are a request", bytes: get() + request("GET /flask/second HTTP/1.1", [`SSL-CLIENT-S-DN: ${forged}`]), outcome: "forwarded", requests: 2 },
  { name: "a DELETE without framing, then a request", bytes: request("DELETE /flask/ HTTP/1.1", []) + request("GET /flask/second HTTP/1.1", [`SSL-CLIENT-S-DN: ${forged}`]), outcome: "forwarded", requests: 2 },
  { name: "a POST without framing, then a request", bytes: request("POST /flask/ HTTP/1.1", []) + request("GET /flask/second HTTP/1.1", [`SSL-CLIENT-S-DN: ${forged}`]), outcome: "forwarded", requests: 2 },

  ...sizes.map((size) => either(`chunk size ${JSON.stringify(size)}`, post([chunked], `${size}\r\nhello\r\n0\r\n\r\n${smuggled}`))),
  either("chunk size with a space behind it", post([chunked], "5 \r\nhello\r\n0\r\n\r\n")),
  either("a chunk that is longer than it says", post([chunked], `5\r\nhello${smuggled}\r\n0\r\n\r\n`)),
  either("a chunk that is shorter than it says", post([chunked], `fff\r\nhello\r\n0\r\n\r\n`)),
  either("a chunk ended by LF", post([chunked], `5\r\nhello\n0\r\n\r\n${smuggled}`)),
  either("a chunk ended by CR", post([chunked], `5\r\nhello\r0\r\n\r\n${smuggled}`)),
  either("chunk sizes ended by LF", post([chunked], `5\nhello\r\n0\n\n${smuggled}`)),
  either("an extension ended by LF", post([chunked], `5;a\nhello\r\n0\r\n\r\n${smuggled}`)),
  either("an extension with a bare CR", post([chunked], `5;a\rX\r\nhello\r\n0\r\n\r\n${smuggled}`)),
  either("an extension with a NUL", post([chunked], `5;a=\0\r\nhello\r\n0\r\n\r\n`)),
  either("an extension without a name", post([chunked], `5;\r\nhello\r\n0\r\n\r\n`)),
  either("an extension of 20 KB", post([chunked], `5;a=${"a".repeat(20_000)}\r\nhello\r\n0\r\n\r\n`)),
  either("a last chunk of many zeros", post([chunked], `5\r\nhello\r\n0000000000000000000000\r\n\r\n`)),
  either("a last chunk ended by LF", post([chunked], `0\n\n${smuggled}`)),
  either("no last chunk", post([chunked], "5\r\nhello\r\n")),
  either("a trailer that never ends", post([chunked], `0\r\nX-A: ${"a".repeat(70_000)}`)),
]; // prettier-ignore
