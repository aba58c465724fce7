/** Heads that the fast path takes or leaves, and what Node's own parser makes of each that it takes. */
import { createServer, ServerResponse, type IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { readOrdinaryHead } from "../../../packages/gateway/src/listen/fast-path/ordinary-head.ts";
import { limits } from "../../../packages/gateway/src/listen/limits.ts";
import { changed, mutated } from "./mutate.ts";
import type { Random } from "./random.ts";

export type Judged = {
  readonly made: number;
  readonly taken: number;
  readonly problems: readonly string[];
};

/** @param heads octets as Latin-1, as many as there is time for */
export async function judgeHeads(heads: Iterable<string>): Promise<Judged> {
  const node = asNodeReads();
  const judged = { made: 0, taken: 0, problems: [] as string[] };
  for (const head of heads) {
    judged.made += 1;
    // Node ends connections in the next turn of the loop.
    if (judged.made % 10_000 === 0) await setImmediate();
    const octets = Buffer.from(head, "latin1");
    const read = readOrdinaryHead(octets, limits.maxHeaderSize);
    if (read === undefined) continue;
    judged.taken += 1;
    const { method, url, rawHeaders, persistent } = read;
    const expected = [requestText(method, url, "1.1", rawHeaders, persistent), ...(persistent ? [next] : [])];
    const found = node(octets, persistent);
    if (JSON.stringify(found) === JSON.stringify(expected)) continue;
    judged.problems.push(`${JSON.stringify(head)}\n  here ${expected.join(" ")}\n  Node ${found.join(" ")}`);
    if (judged.problems.length === 10) break;
  }
  return judged;
}

const nextRequest = Buffer.from("GET /next HTTP/1.1\r\nHost: next\r\n\r\n");
const next = requestText("GET", "/next", "1.1", ["Host", "next"], true);

function requestText(method = "", url = "", version: string, lines: readonly string[], persistent: boolean): string {
  return `request ${JSON.stringify([method, url, version, lines, persistent])}`;
} // prettier-ignore

/** @returns what Node's server tells of these octets on a new connection, and of a request behind them where there may be one */
function asNodeReads(): (octets: Buffer, more: boolean) => readonly string[] {
  let told: string[] = [];
  let latest: { readonly complete: boolean } = { complete: false };
  const server = createServer({ ...limits, keepAliveTimeout: 0 });
  server.maxHeadersCount = 0;
  const tell = (kind: string) => (req: IncomingMessage, res: unknown) => {
    latest = req;
    const persistent = res instanceof ServerResponse && res.shouldKeepAlive;
    const text = requestText(req.method, req.url, req.httpVersion, req.rawHeaders, persistent);
    told.push(kind === "request" ? text : `${kind} ${text}`);
  };
  for (const kind of ["request", "checkContinue", "checkExpectation", "upgrade", "connect"])
    server.on(kind, tell(kind));
  server.on("clientError", ({ code }: NodeJS.ErrnoException) => told.push(String(code)));
  return (octets, more) => {
    told = [];
    latest = { complete: false };
    const wire = new Wire();
    server.emit("connection", wire);
    wire.emit("data", octets);
    if (!latest.complete) told.push("and it goes on");
    if (more) wire.emit("data", nextRequest);
    wire.destroy();
    return told;
  };
}

/** A connection that nobody is at the other end of. */
class Wire extends Duplex {
  override _read(): void {
    return undefined;
  }
  override _write(_octets: unknown, _encoding: unknown, done: () => void): void {
    done();
  }
}

/** What parsers look at, and what stands near it in the alphabet. */
const names = [
  "Host", "Accept", "Cookie", "X-A", "a", "SSL_CLIENT_S_DN", "Connection", "connection", "CONNECTION", "Proxy-Connection", "proxy-connectio", "Keep-Alive",
  "Content-Length", "content-length", "Content-Lengt", "Content_Length", "Transfer-Encoding", "TRANSFER-ENCODING", "Transfer-Encodin", "Upgrade", "upgrade", "Upgrad",
  "Expect", "Trailer", "TE", "HTTP2-Settings", "!#$%&'*+-.^_`|~9Z",
]; // prettier-ignore
const values = [
  "", " ", "\t", "localhost", "keep-alive", "Keep-Alive", "close", "CLOSE", "close, keep-alive", "keep-alive,", ",close", "upgrade", "websocket", "h2c", "0", "5", "+5", " 5 ",
  "chunked", "identity", "gzip, chunked", "100-continue", "trailers", "a b", "a\tb", "\x80\xff", "\xa0x\xa0", "x: y", "\"q\\\"\"", "=?utf-8?q?=C3?=",
]; // prettier-ignore
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PRI", "QUERY", "get", "GE", "GETT", "M-SEARCH"]; // prettier-ignore
const targets = ["/", "/flask/", "/a?b=c&d", "//x", "/%2e%2e/", "/;a=b", "/?", "/??", "/@:", "*", "", "http://x/", "x:1", "/#", "/a b", "/\x80", "/|", "/\\", '/"', "/{}", "/^`"]; // prettier-ignore
const versions = ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.1 ", "RTSP/1.0", ""]; // prettier-ignore

/** Heads that are nearly ordinary, without end. */
export function* randomHeads(random: Random): Generator<string, never> {
  for (;;) {
    if (random.below(16) === 0) yield mutated(random);
    const head = randomHead(random);
    yield random.below(3) > 0 ? head : changed(head, random);
  }
}

function randomHead(random: Random): string {
  const { below, pick } = random;
  const odd = below(4) === 0;
  const line = (at: number) => `${below(3) > 0 ? (names[at % names.length] ?? "") : token(random)}:${pick(["", " ", "  ", "\t "])}${below(3) > 0 ? pick(values) : visible(random)}${pick(["", "", " ", "\t"])}\r\n`; // prettier-ignore
  const lines = Array.from({ length: below(6) }, () => line(odd ? below(names.length) : below(6)));
  const method = odd ? pick(methods) : pick(methods.slice(0, 7));
  const target =
    below(2) > 0
      ? pick(odd ? targets : targets.slice(0, 9))
      : `/${visible(random).replaceAll(/[^!-~]/g, "")}`;
  return `${method} ${target} ${odd ? pick(versions) : "HTTP/1.1"}\r\nHost: localhost\r\n${lines.join("")}\r\n`;
}

function token({ below }: Random): string {
  return Array.from({ length: 1 + below(12) }, () => String.fromCharCode(33 + below(94))).join("").replace(/[^!#$%&'*+.^_`|~0-9A-Za-z-]/g, "x"); // prettier-ignore
}

function visible({ below }: Random): string {
  return String.fromCharCode(...Array.from({ length: below(20) }, () => 32 + below(224)));
}

/** Every head that differs from this one in one octet, and those that have one more. */
export function* neighbours(head: string): Generator<string> {
  for (let at = 0; at <= head.length; at += 1)
    for (let octet = 0; octet < 256; octet += 1) {
      const put = String.fromCharCode(octet);
      yield head.slice(0, at) + put + head.slice(at);
      if (at < head.length) yield head.slice(0, at) + put + head.slice(at + 1);
    }
}
