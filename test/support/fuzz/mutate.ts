/** Requests that are nearly sound: what a sound or hostile one becomes by a few changes that parsers are known to stumble over. */
import { chunks } from "../hostile/chunks.ts";
import { forgedNames } from "../hostile/forged-names.ts";
import { framing } from "../hostile/framing.ts";
import { hopByHop } from "../hostile/hop-by-hop.ts";
import { forged, get, inChunks, request, smuggled } from "../hostile/hostile-request.ts";
import { malformedLines } from "../hostile/malformed-lines.ts";
import { pipelines } from "../hostile/pipelines.ts";
import { targets } from "../hostile/targets.ts";
import type { Random } from "./random.ts";

const sound = [
  get("Accept: */*", "User-Agent: x"),
  request("HEAD /flask/a/b?c=d HTTP/1.1", ["Connection: keep-alive"]),
  request("POST /flask/ HTTP/1.1", ["Content-Length: 5", "Content-Type: text/plain"], "hello"),
  request("PUT /flask/x HTTP/1.1", ["Transfer-Encoding: chunked"], inChunks("hello")),
  request("DELETE /flask/x HTTP/1.1", ["Transfer-Encoding: chunked", "Trailer: X-Sum"], inChunks(smuggled, "0\r\nX-Sum: 1\r\n\r\n")),
  request("POST /flask/ HTTP/1.1", ["Expect: 100-continue", "Content-Length: 5"], "hello"),
  request("GET /flask/ HTTP/1.0", ["Connection: keep-alive"]),
  get("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: c2FsbHlwb3J0IGlzIG9wZW4="),
]; // prettier-ignore

const hostile = [
  ...[chunks, forgedNames, framing, hopByHop, malformedLines, pipelines, targets]
    .flat()
    .map(({ bytes }) => bytes),
].filter((bytes) => bytes.length < 4_000);

const octets = Array.from("\r\n\t :;,=\"'\\/\0\x0b\x0c\x1c\x7f\x80\xa0\xff0aA_-.#?%");

const pieces = [
  "\r\n", "\n", "\r", "\r\n\r\n", "\r\n ", "\r\n\t", " :", ": ", "0\r\n\r\n", "\r\n0\r\n\r\n", "5\r\nhello\r\n", "HTTP/1.1", "HTTP/1.0", " HTTP/2.0",
  "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer_Encoding: chunked\r\n", "Content-Length: 0\r\n", "Content-Length: 5\r\n",
  "content-length: 91\r\n", "Content_Length: 5\r\n", "Connection: close\r\n", "Connection: keep-alive, SSL_CLIENT_S_DN\r\n", "Connection: Upgrade\r\nUpgrade: websocket\r\n",
  "Expect: 100-continue\r\n", "TE: trailers\r\n", "Host: localhost\r\n", "Host: mallory\r\n", `SSL_CLIENT_S_DN: ${forged}\r\n`, `SSL-Client-S-DN: ${forged}\r\n`,
  `ssl.client.s.dn: ${forged}\r\n`, `HTTP_SSL_CLIENT_S_DN: ${forged}\r\n`, "SSL_CLIENT_VERIFY: SUCCESS\r\n", "X-Forwarded-For: mallory\r\n", "Sallyport-Secret: x\r\n",
  smuggled, "GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "../", "%2e%2e/", "//", "%00",
]; // prettier-ignore

type Mutation = (bytes: string, random: Random) => string;

const spliced = (bytes: string, from: number, length: number, put: string) =>
  bytes.slice(0, from) + put + bytes.slice(from + length);

/** The beginning of a random line. */
function lineStart(bytes: string, { below }: Random): number {
  return bytes.indexOf("\n", below(bytes.length)) + 1;
}

const mutations: readonly Mutation[] = [
  (bytes, random) => spliced(bytes, random.below(bytes.length), 1, random.pick(octets)),
  (bytes, random) => spliced(bytes, random.below(bytes.length + 1), 0, random.pick(octets)),
  (bytes, random) => spliced(bytes, random.below(bytes.length + 1), 0, random.pick(pieces)),
  (bytes, random) => spliced(bytes, lineStart(bytes, random), 0, random.pick(pieces)),
  (bytes, random) => spliced(bytes, lineStart(bytes, random), 0, random.pick(pieces)),
  (bytes, random) => spliced(bytes, random.below(bytes.length), 1 + random.below(8), ""),
  (bytes, random) => {
    const from = lineStart(bytes, random);
    const line = bytes.slice(from, bytes.indexOf("\n", from) + 1);
    return spliced(bytes, lineStart(bytes, random), 0, line);
  },
  (bytes, random) => {
    const from = lineStart(bytes, random);
    return spliced(bytes, from, Math.max(bytes.indexOf("\n", from) + 1 - from, 0), "");
  },
  (bytes, random) => {
    const other = random.pick(random.below(2) > 0 ? sound : hostile);
    return bytes.slice(0, random.below(bytes.length)) + other.slice(random.below(other.length));
  },
  (bytes, random) => bytes + random.pick(random.below(2) > 0 ? sound : hostile),
  (bytes, random) => {
    const at = random.below(bytes.length);
    const one = bytes.charAt(at);
    return spliced(bytes, at, 1, one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase());
  },
  (bytes, random) => bytes.replace(/\d+/, () => String(random.pick([0, 1, 4, 5, 6, 91, 1e15]))),
  (bytes, random) => bytes.replaceAll("\r\n", random.pick(["\n", "\r", "\r\r\n", "\r\n"])),
  (bytes, random) => bytes.replaceAll(random.pick(["_", "-"]), random.pick(["_", "-", "."])),
];

/** One to three changes of a request that is sound, or of one that is hostile already. */
export function mutated(random: Random): string {
  return changed(random.pick(random.below(3) > 0 ? sound : hostile), random);
}

/** One to three changes of any octets. */
export function changed(octets: string, random: Random): string {
  let bytes = octets;
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left -= 1)
    bytes = random.pick(mutations)(bytes, random);
  return bytes;
}
