/** The WebSocket handshake (RFC 6455 section 4), checked on both sides: a tunnel opens only after the backend's own 101. */
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { Refusal } from "../refuse/refusal.ts";
import type { ResponseHead } from "./response-head.ts";

type UpgradeRequest = {
  readonly method?: string | undefined;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
};

/**
 * The request's Sec-WebSocket-Key.
 * Only WebSocket is tunnelled: h2c or anything else would carry requests past the line (CVE-2020-11724 and its kin), and
 * a body would become the tunnel's first octets.
 * @throws Refusal `upgrade-unsupported`
 */
export function webSocketKey({ method, httpVersion, headers }: UpgradeRequest): string {
  const key = headers["sec-websocket-key"];
  const sound =
    method === "GET" &&
    httpVersion === "1.1" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    headers["sec-websocket-version"] === "13" &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined;
  if (!sound || key === undefined || !/^[A-Za-z0-9+/]{22}==$/.test(key)) {
    throw new Refusal("upgrade-unsupported", `Upgrade: ${headers.upgrade ?? "(none)"}`);
  }
  return key;
}

/**
 * Passes the backend's 101 on.
 * @throws Refusal `upstream-invalid` when the backend did not answer this very handshake
 */
export function acceptWebSocket(head: ResponseHead, key: string, client: Socket): void {
  const given = head.headers.filter(
    (_, at) => at % 2 === 1 && head.headers[at - 1]?.toLowerCase() === "sec-websocket-accept",
  );
  const expected = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  if (given.length !== 1 || given[0] !== expected) {
    throw new Refusal("upstream-invalid", "Its 101 does not answer this handshake's key.");
  }
  const pairs = head.headers.map((part, at) => part + (at % 2 === 0 ? ": " : "\r\n"));
  client.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${pairs.join("")}\r\n`,
    "latin1",
  );
}
