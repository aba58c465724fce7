/** A WebSocket's handshake as octets, for both of its ends. */
import type { Respond } from "./recording-backend.ts";
import { okAnswer } from "./recording-backend.ts";

// RFC 6455 section 1.3 gives this key and what it is answered with.
const key = "dGhlIHNhbXBsZSBub25jZQ==";
const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/** @param lines more header lines, each with its CRLF */
export function webSocketHandshake(path: string, lines = "", host = "localhost"): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`
  );
}

/** For a recording backend: opens every WebSocket that is asked for, and answers 200 to everything else. */
export const acceptWebSocket: Respond = ({ lines }) =>
  lines.some(([name]) => name.toLowerCase() === "upgrade")
    ? `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
    : okAnswer;
