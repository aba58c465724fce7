/** Several requests in one breath: each is answered in its turn, and nothing is read behind the last one. */
import { forged, get, inChunks, request, smuggled, type HostileRequest } from "./hostile-request.ts";

const second = request("GET /flask/second HTTP/1.1", [`SSL-CLIENT-S-DN: ${forged}`]);
const post = (lines: readonly string[], body: string) => request("POST /flask/ HTTP/1.1", lines, body);

/** So many of them reach the backend. */
function sent(requests: number, name: string, bytes: string, statuses: readonly number[], closes = false): HostileRequest {
  return { name, bytes, outcome: requests === 0 ? "refused" : "forwarded", requests, statuses, closes };
} // prettier-ignore

export const pipelines: readonly HostileRequest[] = [
  sent(2, "a GET, then a request", get() + second, [200, 200]),
  sent(2, "a DELETE without framing, then a request", request("DELETE /flask/ HTTP/1.1", []) + second, [200, 200]),
  sent(2, "a POST without framing, then a request", request("POST /flask/ HTTP/1.1", []) + second, [200, 200]),
  sent(2, "a POST with a length, then a request", post(["Content-Length: 2"], "hi") + second, [200, 200]),
  sent(2, "a POST of no octets, then a request", post(["Content-Length: 0"], "") + second, [200, 200]),
  sent(2, "chunks, then a request", post(["Transfer-Encoding: chunked"], inChunks("hi")) + second, [200, 200]),
  sent(2, "a request, an empty line, a request", `${get()}\r\n${second}`, [200, 200]),
  sent(2, "HTTP/1.0 that is kept alive, then a request", request("GET /flask/ HTTP/1.0", ["Connection: keep-alive"]) + second, [200, 200]),
  sent(8, "eight", get().repeat(8), Array<number>(8).fill(200)),
  sent(2, "one, one that is refused, one", get() + request("GET /elsewhere HTTP/1.1", []) + second, [200, 404, 200]),

  sent(1, "the last one, then a request", get("Connection: close") + second, [200], true),
  sent(1, "the last one, then garbage", `${get("Connection: close")}garbage\r\n\r\n`, [200], true),
  sent(1, "the last one with a body, then a request", post(["Connection: close", "Content-Length: 2"], "hi") + second, [200], true),
  sent(1, "HTTP/1.0, then a request", request("GET /flask/ HTTP/1.0", []) + second, [200], true),
  sent(1, "one, then garbage", `${get()}garbage\r\n\r\n`, [200, 400], true),
  sent(2, "two, then garbage", `${get()}${second}garbage\r\n\r\n`, [200, 200, 400], true),
  sent(1, "a body that is longer than it says", post(["Content-Length: 4"], `hello${second}`), [200, 400], true),
  sent(1, "one, then lines without a request", `${get()}SSL_CLIENT_S_DN: ${forged}\r\n\r\n`, [200, 400], true),
  sent(1, "one, then one whose framing is in doubt", get() + post(["Transfer-Encoding: gzip, chunked"], inChunks("hi")) + second, [200, 501], true),

  sent(0, "chunks in HTTP/1.0, then a request", request("POST /flask/ HTTP/1.0", ["Connection: keep-alive", "Transfer-Encoding: chunked"], inChunks("hi")) + second, [400], true),
  sent(0, "an expectation that nobody meets, then a request", post(["Expect: mallory", `Content-Length: ${smuggled.length}`], smuggled) + second, [417], true),
  sent(0, "a body that was waiting to be asked for, then a request", request("POST /elsewhere HTTP/1.1", ["Expect: 100-continue", `Content-Length: ${smuggled.length}`], smuggled) + second, [404], true),
  sent(0, "two Hosts, then a request", get("Host: localhost") + second, [400], true),
  sent(0, "2000 lines, then a request", get(...Array.from({ length: 2000 }, () => "a:1")) + second, [431], true),
  sent(0, "2000 lines, the framing and a body, then a request", post([...Array.from({ length: 2000 }, () => "a:1"), `Content-Length: ${smuggled.length}`], smuggled) + second, [431], true),
  sent(0, "2000 lines, chunks, then a request", post([...Array.from({ length: 1990 }, () => "a:1"), "Transfer-Encoding: chunked"], inChunks(smuggled)) + second, [431], true),
  sent(0, "2000 lines and Expect, then a request", post([...Array.from({ length: 1990 }, () => "a:1"), "Expect: 100-continue", `Content-Length: ${smuggled.length}`], smuggled) + second, [431], true),
  sent(0, "2000 lines and an upgrade, then a request", get(...Array.from({ length: 1990 }, () => "a:1"), "Connection: Upgrade", "Upgrade: websocket") + second, [431], true),
  sent(0, "CONNECT, then a request", `CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n${second}`, [400], true),
  sent(0, "h2c, then a request", get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__") + second, [400], true),
  sent(0, "h2c with a body, then a request", post(["Connection: Upgrade", "Upgrade: h2c", `Content-Length: ${smuggled.length}`], smuggled) + second, [400], true),
]; // prettier-ignore
