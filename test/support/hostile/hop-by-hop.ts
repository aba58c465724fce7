/** Lines that speak to the next hop: Expect, Connection and its tokens, Upgrade. */
import { forged, get, inChunks, request, smuggled, type HostileRequest } from "./hostile-request.ts";

const webSocket = ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
const asking = ["Connection: Upgrade", "Upgrade: websocket", ...webSocket];
const identity = `SSL_CLIENT_S_DN: ${forged}`;
const folded = `SSL-CLIENT-S-DN: ${forged}`;

function forwarded(name: string, bytes: string): HostileRequest {
  return { name, bytes, outcome: "forwarded" };
}
function refused(name: string, bytes: string): HostileRequest {
  return { name, bytes, outcome: "refused" };
}

const tokens = [
  "keep-alive, SSL_CLIENT_S_DN", "SSL_CLIENT_S_DN", "ssl_client_s_dn", "SSL-CLIENT-S-DN", "close, SSL_CLIENT_S_DN",
  "SSL_CLIENT_VERIFY, SSL_CLIENT_S_DN", "Host", "close, Host", "Sallyport-Secret", "X-Forwarded-For, X-Forwarded-Host",
  "keep-alive, upgrade, SSL_CLIENT_S_DN", ",,SSL_CLIENT_S_DN,,", "SSL_CLIENT_S_DN;q=1", "\"SSL_CLIENT_S_DN\"", "x\ty",
]; // prettier-ignore

/** Each of the ways in which Node delivers a request, with whatever more lines. */
const waysIn: Readonly<Record<string, (...lines: string[]) => string>> = {
  "an ordinary request": get,
  "a request that expects 100-continue": (...lines) => request("POST /flask/ HTTP/1.1", ["Expect: 100-continue", ...lines, "Content-Length: 2"], "hi"),
  "an upgrade": (...lines) => get(...asking, ...lines),
  "an expectation of something else": (...lines) => get("Expect: mallory", ...lines),
  "CONNECT": (...lines) => request("CONNECT /flask/ HTTP/1.1", lines),
}; // prettier-ignore
const passedOn = new Set(["an ordinary request", "a request that expects 100-continue", "an upgrade"]);

const forgeries: readonly (readonly string[])[] = [
  [identity], [folded], [`ssl.client.s.dn: ${forged}`], [`HTTP_SSL_CLIENT_S_DN: ${forged}`], [identity, folded, identity], ["SSL_CLIENT_S_DN:"],
  [`SSL_CLIENT_CERT: ${forged}`, "SSL_CLIENT_VERIFY: SUCCESS"], [`Client-Cert: ${forged}`, `X-Forwarded-Client-Cert: ${forged}`], ["X-Forwarded-For: mallory", "Forwarded: for=mallory"],
  ["Sallyport-Secret: mallory"], ["Connection: SSL_CLIENT_S_DN, Sallyport-Secret", identity], ["Trailer: SSL_CLIENT_S_DN", "TE: trailers"], ["Proxy-Connection: mallory", "Keep-Alive: mallory", "Proxy-Authorization: mallory"],
  ["Proxy-Authenticate: mallory", "Proxy-Authentication-Info: mallory", "Trailers: mallory", "HTTP2-Settings: mallory"],
  ["__proto__: x", "constructor: x", identity],
]; // prettier-ignore

export const hopByHop: readonly HostileRequest[] = [
  ...Object.entries(waysIn).flatMap(([way, bytesOf]) =>
    forgeries.map((lines) => (passedOn.has(way) ? forwarded : refused)(`${way}, with ${lines.join(" and ")}`, bytesOf(...lines))),
  ),
  forwarded("Expect with GET", get("Expect: 100-continue", identity)),
  forwarded("Expect with GET, folded", get("Expect: 100-continue", folded)),
  forwarded("Expect in capitals", get("EXPECT: 100-CONTINUE", identity)),
  forwarded("Expect with HEAD", request("HEAD /flask/ HTTP/1.1", ["Expect: 100-continue", identity])),
  forwarded("Expect with POST", request("POST /flask/ HTTP/1.1", ["Expect: 100-continue", identity, "Content-Length: 2"], "hi")),
  forwarded("Expect with chunks", request("POST /flask/ HTTP/1.1", ["Expect: 100-continue", identity, "Transfer-Encoding: chunked"], inChunks("hi"))),
  forwarded("Expect with a body that is a request", request("PUT /flask/ HTTP/1.1", ["Expect: 100-continue", identity, `Content-Length: ${smuggled.length}`], smuggled)),
  refused("Expect something else", get("Expect: mallory", identity)),
  { name: "Expect two things", bytes: get("Expect: 100-continue, mallory", identity), outcome: "either" },
  { name: "Expect in HTTP/1.0", bytes: request("GET /flask/ HTTP/1.0", ["Expect: 100-continue", identity]), outcome: "either" },
  { name: "Expect and a bare refusal", bytes: request("POST /elsewhere HTTP/1.1", ["Expect: 100-continue", `Content-Length: ${smuggled.length}`], smuggled), outcome: "refused" },

  ...tokens.map((token) => forwarded(`Connection: ${token}`, get(`Connection: ${token}`, identity, folded))),
  forwarded("Connection names a line of the client's own", get("Connection: X-Mine", "X-Mine: mallory")),
  forwarded("Connection names it in another spelling", get("Connection: keep-alive, x_mine", "X-Mine: mallory", "X.MINE: mallory")),
  forwarded("Connection names it on its second line", get("Connection: keep-alive", "Connection: , X-Mine ,", "X-Mine: mallory")),
  forwarded("Connection on two lines", get("Connection: keep-alive", "Connection: SSL_CLIENT_S_DN", identity)),
  forwarded("Connection names the framing", request("POST /flask/ HTTP/1.1", ["Connection: Content-Length", `Content-Length: ${smuggled.length}`], smuggled)),
  forwarded("Connection names the chunks", request("POST /flask/ HTTP/1.1", ["Connection: Transfer-Encoding", "Transfer-Encoding: chunked"], inChunks(smuggled))),
  forwarded("Proxy-Connection", get("Proxy-Connection: SSL_CLIENT_S_DN", identity)),
  forwarded("Keep-Alive", get("Keep-Alive: SSL_CLIENT_S_DN", "Connection: Keep-Alive", identity)),
  forwarded("Trailer without chunks", get("Trailer: X-Foo", identity)),
  forwarded("Trailer without chunks, with a length", request("POST /flask/ HTTP/1.1", ["Trailer: SSL_CLIENT_S_DN", "Content-Length: 2"], "hi")),
  forwarded("TE", get("TE: trailers, chunked", "Connection: TE", identity)),

  forwarded("upgrade to WebSocket, which the backend declines", get(...asking, identity)),
  forwarded("upgrade with a folded name", get(...asking, folded)),
  forwarded("upgrade with a dotted name", get(...asking, `SSL.CLIENT.S.DN: ${forged}`)),
  forwarded("upgrade that nominates identity", get("Connection: Upgrade, SSL_CLIENT_S_DN", "Upgrade: websocket", ...webSocket, identity)),
  forwarded("upgrade with Expect", get(...asking, "Expect: 100-continue", identity)),
  forwarded("upgrade, with a request behind it that the backend must not get as a tunnel's", get(...asking) + smuggled),
  refused("upgrade outside of the prefix", request("GET /admin HTTP/1.1", [...asking, identity])),
  refused("upgrade above the prefix", request("GET /flask/../admin HTTP/1.1", [...asking, identity])),
  refused("upgrade above the prefix, encoded", request("GET /flask/%2e%2e/admin HTTP/1.1", [...asking, identity])),
  refused("upgrade by POST", request("POST /flask/ HTTP/1.1", [...asking, "Content-Length: 2"], "hi")),
  refused("upgrade by DELETE", request("DELETE /flask/ HTTP/1.1", asking)),
  refused("upgrade with a length", request("GET /flask/ HTTP/1.1", [...asking, `Content-Length: ${smuggled.length}`], smuggled)),
  refused("upgrade with chunks", request("GET /flask/ HTTP/1.1", [...asking, "Transfer-Encoding: chunked"], inChunks(smuggled))),
  refused("upgrade to h2c", get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__") + smuggled),
  refused("upgrade to h2c or WebSocket", get("Connection: Upgrade", "Upgrade: h2c, websocket", ...webSocket)),
  refused("upgrade to WebSocket or h2c", get("Connection: Upgrade", "Upgrade: websocket, h2c", ...webSocket)),
  refused("upgrade on two lines", get("Connection: Upgrade", "Upgrade: websocket", "Upgrade: h2c", ...webSocket)),
  refused("upgrade to TLS", get("Connection: Upgrade", "Upgrade: TLS/1.2")),
  refused("upgrade to anything", get("Connection: Upgrade", "Upgrade: mallory", identity) + smuggled),
  refused("upgrade without a key", get("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")),
  refused("upgrade with a short key", get("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: x")),
  refused("upgrade with two keys", get(...asking, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")),
  refused("upgrade of another version", get("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")),
  refused("upgrade in HTTP/1.0", request("GET /flask/ HTTP/1.0", asking)),
  { name: "Upgrade without Connection", bytes: get("Upgrade: h2c", identity), outcome: "either" },
  { name: "Connection without Upgrade", bytes: get("Connection: Upgrade", identity), outcome: "either" },
  refused("CONNECT", `CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n${identity}\r\n\r\n${smuggled}`),
  refused("CONNECT with a path", `CONNECT /flask/ HTTP/1.1\r\nHost: localhost\r\n${identity}\r\n\r\n`),
]; // prettier-ignore
