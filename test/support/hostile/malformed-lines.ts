/** Header lines that no two parsers read alike, and start lines of other protocols. */
import { forged, get, inChunks, request, type HostileRequest } from "./hostile-request.ts";

function refused(name: string, bytes: string): HostileRequest {
  return { name, bytes, outcome: "refused" };
}

const octets = [0, 1, 8, 11, 12, 27, 127].map((code) => String.fromCharCode(code));
const hex = (text: string) => `0x${text.charCodeAt(0).toString(16).padStart(2, "0")}`;

export const malformedLines: readonly HostileRequest[] = [
  refused("space before the colon", get(`SSL_CLIENT_S_DN : ${forged}`)),
  refused("tab before the colon", get(`SSL_CLIENT_S_DN\t: ${forged}`)),
  refused("space inside the name", get(`SSL CLIENT S DN: ${forged}`)),
  refused("space before the first name", `GET /flask/ HTTP/1.1\r\n SSL_CLIENT_S_DN: ${forged}\r\nHost: localhost\r\n\r\n`),
  refused("continuation line with a space", get("X-A: a", ` SSL_CLIENT_S_DN: ${forged}`)),
  refused("continuation line with a tab", get("X-A: a", `\tSSL_CLIENT_S_DN: ${forged}`)),
  refused("continuation of an identity line", get("SSL_CLIENT_S_DN:", ` ${forged}`)),
  refused("bare CR in a value", get(`X-A: a\rSSL_CLIENT_S_DN: ${forged}`)),
  refused("bare CR before a name", get(`X-A: a\r\n\rSSL_CLIENT_S_DN: ${forged}`)),
  refused("bare LF between lines", get(`X-A: a\nSSL_CLIENT_S_DN: ${forged}`)),
  refused("bare LF everywhere", `GET /flask/ HTTP/1.1\nHost: localhost\nSSL_CLIENT_S_DN: ${forged}\n\n`),
  refused("bare LF at the end of the head", `GET /flask/ HTTP/1.1\r\nHost: localhost\r\nX-A: a\n\nGET /admin`),
  refused("CR CR LF", get(`X-A: a\r\r\nSSL_CLIENT_S_DN: ${forged}`)),
  refused("no name", get(`: ${forged}`)),
  refused("no colon", get("SSL_CLIENT_S_DN")),
  refused("a name beyond ASCII", get(`SSL_CLIENT_S_D\xd1: ${forged}`)),
  refused("a name in quotes", get(`"SSL_CLIENT_S_DN": ${forged}`)),
  ...["(", ")", "/", "@", "[", "]", "{", "}", "<", ">", "=", ",", ";", "?", "\\"].map((mark) =>
    refused(`a name with ${mark}`, get(`SSL${mark}CLIENT_S_DN: ${forged}`)),
  ),
  ...octets.map((octet) => refused(`a name with ${hex(octet)}`, get(`SSL_CLIENT${octet}_S_DN: ${forged}`))),
  ...octets.map((octet) => refused(`a value with ${hex(octet)}`, get(`X-A: a${octet}b`))),
  refused("a trailer with space before the colon", request("POST /flask/ HTTP/1.1", ["Transfer-Encoding: chunked"], inChunks("hi", `0\r\nSSL_CLIENT_S_DN : ${forged}\r\n\r\n`))),
  refused("two Host lines", get("Host: mallory.example")),
  refused("two equal Host lines", get("Host: localhost")),
  refused("two Host lines in two cases", get("hOsT: mallory.example")),
  refused("no Host", "GET /flask/ HTTP/1.1\r\nX-A: a\r\n\r\n"),
  refused("no Host in HTTP/1.0", "GET /flask/ HTTP/1.0\r\n\r\n"),
  ...["", "a@b", "localhost@mallory", "localhost, mallory", "localhost/mallory", "localhost mallory", "localhost:", "localhost:port", "localhost:443:443", "localhost:999999",
    "[::1", "::1", "[mallory]", "http://localhost", "localhost?x", "localhost#x", "localhost\\mallory", "%6cocalhost", "l\xf6calhost", "localhost;", '"localhost"'].map((host) =>
    refused(`Host: ${host}`, `GET /flask/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  ),
  refused("HTTP/0.9", "GET /flask/\r\n\r\n"),
  refused("HTTP/0.9 with lines", `GET /flask/\r\nHost: localhost\r\nSSL_CLIENT_S_DN: ${forged}\r\n\r\n`),
  ...["HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTP/01.1", "HTTP/1.10", "HTTP/1", "http/1.1", "HTTP/1.1x", "HTTP 1.1", "HTTPS/1.1", "ICE/1.0", "HTTP/1,1", "HTTP/-1.1"].map((version) =>
    refused(`the label ${version}`, request(`GET /flask/ ${version}`, [`SSL_CLIENT_S_DN: ${forged}`])),
  ),
  refused("the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"),
  refused("pseudo-headers of HTTP/2", get(":authority: mallory.example", ":path: /admin")),
  refused("a method in lower case", request("get /flask/ HTTP/1.1", [])),
  refused("a method that nobody knows", request("MALLORY /flask/ HTTP/1.1", [])),
  { name: "the label RTSP/1.0", bytes: request("GET /flask/ RTSP/1.0", [`SSL_CLIENT_S_DN: ${forged}`]), outcome: "either" },
  { name: "two spaces behind the method", bytes: request("GET  /flask/ HTTP/1.1", []), outcome: "either" },
  refused("a tab behind the method", request("GET\t/flask/ HTTP/1.1", [])),
  refused("three words behind the target", request("GET /flask/ x HTTP/1.1", [])),
  refused("no target", request("GET HTTP/1.1", [])),
  refused("TRACE", request("TRACE /flask/ HTTP/1.1", [`SSL_CLIENT_S_DN: ${forged}`])),
  refused("garbage", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n"),
  refused("101 lines", get(...Array.from({ length: 100 }, () => "a: 1"))),
  refused("2000 lines", get(...Array.from({ length: 2000 }, () => "a:1"), "Content-Length: 0")),
  refused("2000 lines before the framing", request("POST /flask/ HTTP/1.1", [...Array.from({ length: 2000 }, () => "a:1"), "Content-Length: 91"], `GET /admin HTTP/1.1\r\nHost: localhost\r\nSSL_CLIENT_S_DN: ${forged}\r\n\r\n`)),
  refused("2000 lines before Transfer-Encoding", request("POST /flask/ HTTP/1.1", [...Array.from({ length: 2000 }, () => "a:1"), "Transfer-Encoding: chunked"], inChunks("hi"))),
  refused("a head of 20 KB", get(`X-A: ${"a".repeat(20_000)}`)),
  refused("a head that grows too large by what is added", get(`X-A: ${"a".repeat(16_200)}`)),
  refused("a megabyte of header", get(...Array.from({ length: 64 }, () => `X-A: ${"a".repeat(16_000)}`))),
]; // prettier-ignore
