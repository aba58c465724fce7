/** Chunked bodies (RFC 9112 section 7.1), sound ones and those that two parsers read in two ways. */
import { forged, inChunks, request, smuggled, type HostileRequest } from "./hostile-request.ts";

const post = (body: string) => request("POST /flask/ HTTP/1.1", ["Transfer-Encoding: chunked"], body);
const last = "0\r\n\r\n";

function sound(name: string, octets: string, body = "hello"): HostileRequest {
  return { name, bytes: post(octets), outcome: "forwarded", body };
}
/** What follows is anything but the end of the body, and is never read. */
function broken(name: string, octets: string): HostileRequest {
  return { name, bytes: post(octets), outcome: "refused", closes: true };
}
/** As far as it goes nothing is wrong with it, and it never ends. */
function unfinished(name: string, octets: string): HostileRequest {
  return { name, bytes: post(octets), outcome: "either" };
}

const sizes = [
  "FFFFFFFFFFFFFFFFF", "10000000000000005", "1000000000000000000000005", "0x5", "0X5", "-1", "-5", "+5", " 5", "\t5", "\v5", "\0" + "5", "5 ", "5\t", "5 x",
  "5\0", "x", "", " ", "5_", "5.0", "5,", "5=", "5h", "g", "'5'", '"5"', "\xb2", "5\x80", "#5", "5#", "%35", "5\r\r", "5\n", "5\r",
]; // prettier-ignore

const extensions = [
  "a",
  "a=b",
  "a=b;c",
  "a=b;c=d",
  'a="b c"',
  'a="b;c"',
  'a="\\""',
  'a="\\\\"',
  `a=${"b".repeat(3000)}`,
];

const brokenExtensions = [
  "", "a b", "a =b", "a= b", " a", "a=\x80", "a=@", "a\0", "a=\0", "a=b\0", 'a="b', 'a="b"c', 'a="\r\n"', 'a="\\\r\n"', "a\n", "a=b\n", "a\rX", "a=b\rX",
  "a\r\r", "a=(", "a=[", "a=b,c", `a=${"b".repeat(20_000)}`,
]; // prettier-ignore

const trailers = [
  "X-A: a",
  "X-A:",
  "x-a: a\r\nX-B: b",
  "Content-Length: 5",
  "Transfer-Encoding: chunked",
  "Connection: Upgrade\r\nUpgrade: websocket",
  `SSL_CLIENT_S_DN: ${forged}`,
];
const brokenTrailers = [
  "X-A", "X-A : a", ": a", " X-A: a", "X-A: a\r\n b", "X-A: \0", "X-A: a\x7f", "X-A: a\rX-B: b", "X-A: a\nX-B: b", "X-A: a\n", "\xc4: a", "X(A): a", "X-A: a\r",
  `X-A: ${"a".repeat(20_000)}`,
]; // prettier-ignore
/** Node's parser refuses those that frame a message; were they to pass it, they would end here as every trailer does. */
const eitherTrailers = new Set(["Content-Length: 5", "Transfer-Encoding: chunked"]);

export const chunks: readonly HostileRequest[] = [
  sound("one chunk", inChunks("hello")),
  sound("five chunks", "1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n"),
  sound("no chunk", last, ""),
  sound("a size in capitals", `A\r\n0123456789\r\n${last}`, "0123456789"),
  sound("a size with zeros in front", `0000000005\r\nhello\r\n${last}`),
  sound("a last chunk of many zeros", "5\r\nhello\r\n0000000000000000000000\r\n\r\n"),
  sound("content that looks like chunks", inChunks("5\r\nhello\r\n0\r\n\r\n"), "5\r\nhello\r\n0\r\n\r\n"),
  sound("content of every octet", inChunks(Buffer.from(Array.from({ length: 256 }, (_, octet) => octet)).toString("latin1")), Buffer.from(Array.from({ length: 256 }, (_, octet) => octet)).toString("latin1")),
  ...sizes.map((size) => broken(`chunk size ${JSON.stringify(size)}`, `${size}\r\nhello\r\n${last}${smuggled}`)),
  ...sizes.map((size) => broken(`second chunk size ${JSON.stringify(size)}`, `1\r\nx\r\n${size}\r\nhello\r\n${last}${smuggled}`)),
  unfinished("a chunk of almost everything", `FFFFFFFFFFFFFFFF\r\nhello\r\n${last}${smuggled}`),
  ...extensions.map((extension) => sound(`extension ${JSON.stringify(extension.slice(0, 20))}`, `5;${extension}\r\nhello\r\n${last}`)),
  ...extensions.map((extension) => sound(`last extension ${JSON.stringify(extension.slice(0, 20))}`, `5\r\nhello\r\n0;${extension}\r\n\r\n`)),
  ...brokenExtensions.map((extension) => broken(`extension ${JSON.stringify(extension.slice(0, 20))}`, `5;${extension}\r\nhello\r\n${last}${smuggled}`)),
  ...brokenExtensions.map((extension) => broken(`last extension ${JSON.stringify(extension.slice(0, 20))}`, `5\r\nhello\r\n0;${extension}\r\n\r\n${smuggled}`)),
  broken("a chunk that is longer than it says", `5\r\nhello${smuggled}\r\n${last}`),
  unfinished("a chunk that is shorter than it says", `fff\r\nhello\r\n${last}`),
  broken("a chunk ended by LF", `5\r\nhello\n${last}${smuggled}`),
  broken("a chunk ended by CR", `5\r\nhello\r${last}${smuggled}`),
  broken("a chunk ended by nothing", `5\r\nhello${last}${smuggled}`),
  broken("a chunk ended twice", `5\r\nhello\r\n\r\n${last}${smuggled}`),
  broken("an empty line before the size", `\r\n5\r\nhello\r\n${last}${smuggled}`),
  broken("sizes ended by LF", `5\nhello\r\n0\n\n${smuggled}`),
  broken("a last chunk ended by LF", `0\n\n${smuggled}`),
  broken("a last line ended by LF", `5\r\nhello\r\n0\r\n\n${smuggled}`),
  broken("a last line ended by CR", `5\r\nhello\r\n0\r\n\rX${smuggled}`),
  unfinished("no last chunk", "5\r\nhello\r\n"),
  unfinished("no last line", "5\r\nhello\r\n0\r\n"),
  ...trailers.map((trailer): HostileRequest => ({ ...sound(`trailer ${JSON.stringify(trailer)}`, `5\r\nhello\r\n0\r\n${trailer}\r\n\r\n`), ...(eitherTrailers.has(trailer) && { outcome: "either" }) })),
  ...brokenTrailers.map((trailer) => broken(`trailer ${JSON.stringify(trailer.slice(0, 30))}`, `5\r\nhello\r\n0\r\n${trailer}\r\n\r\n${smuggled}`)),
]; // prettier-ignore
