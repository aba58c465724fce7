/** WebSocket messages (RFC 6455): one there, one back, and the next. */
import type { Load } from "./load.ts";
import { requestHead } from "./request-head.ts";
import { standingConnections } from "./standing-connections.ts";

const text = "a message as long as one of a chat, no more than that";
const mask = Buffer.of(1, 2, 3, 4);
const masked = Buffer.from(text).map((octet, at) => octet ^ (mask[at % 4] ?? 0));
const message = Buffer.concat([Buffer.of(0x81, 0x80 | masked.length), mask, masked]);
/** As the backend sends it back: without a mask. */
const echoed = 2 + masked.length;
const handshake = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Origin: https://flask.local",
];

export function webSocket(connections: number): Load {
  return (target, tally) => {
    const request = requestHead("GET /flask/socket", target.headers, handshake);
    return standingConnections(connections, target, tally, (socket) => {
      let head: string | undefined = "";
      let since = 0;
      let missing = 0;
      const say = () => {
        since = performance.now();
        missing = echoed;
        socket().write(message);
      };
      const receive = (octets: Buffer) => {
        if (head === undefined) {
          missing -= octets.length;
          if (missing > 0) return;
          if (missing === 0) {
            tally.answered(since);
            tally.done(1);
          } else tally.failed();
          say();
          return;
        }
        head += octets.toString("latin1");
        if (!head.includes("\r\n\r\n")) return;
        if (!head.startsWith("HTTP/1.1 101 ")) {
          socket().destroy();
          return;
        }
        head = undefined;
        say();
      };
      return { begin: () => socket().write(request), receive };
    });
  };
}
