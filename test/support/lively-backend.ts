/** A backend whose answers go on and on, and which knows what it still has open, and of whom. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Scope } from "./scope.ts";

export type LivelyBackend = {
  readonly port: number;
  /** What is under way for somebody: `/events`, `/download`, `/upload`, `/raw` (a WebSocket without frames), `/ws`. */
  readonly openFor: (subject: string) => readonly string[];
  /** Requests that have arrived of somebody. */
  readonly requestsOf: (subject: string) => number;
  /** Octets of uploads that have arrived of somebody. */
  readonly uploadedBy: (subject: string) => number;
};

const tick = 50;
/** RFC 6455 section 1.3. */
const acceptanceOf = (key: string) =>
  createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");

export async function livelyBackend(scope: Scope): Promise<LivelyBackend> {
  const open = new Set<{ readonly subject: string; readonly path: string }>();
  const requests = new Map<string, number>();
  const uploaded = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string, more: number) =>
    counts.set(key, (counts.get(key) ?? 0) + more);
  const subjectOf = ({ headers }: IncomingMessage) => String(headers["ssl_client_s_dn"] ?? "");

  /** Holds it open until it closes, and does something meanwhile, again and again. */
  const hold = (request: IncomingMessage, end: Duplex, speak: () => void) => {
    const held = { subject: subjectOf(request), path: request.url ?? "" };
    open.add(held);
    const timer = setInterval(speak, tick);
    end.once("close", () => {
      clearInterval(timer);
      open.delete(held);
    });
    end.on("error", () => undefined);
  };

  const server = createServer((request, response) => {
    add(requests, subjectOf(request), 1);
    switch (request.url ?? "") {
      case "/events":
        response.writeHead(200, { "Content-Type": "text/event-stream" });
        hold(request, request.socket, () => response.write("data: tick\n\n"));
        return;
      case "/download":
        response.writeHead(200, { "Content-Length": 1_000_000 });
        hold(request, request.socket, () => response.write("octets"));
        return;
      case "/upload":
        request.on("data", ({ length }: Buffer) => add(uploaded, subjectOf(request), length));
        hold(request, request.socket, () => undefined);
        return;
      default:
        response.end("ok\n");
    }
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    add(requests, subjectOf(request), 1);
    if (request.url === "/raw") {
      const acceptance = acceptanceOf(request.headers["sec-websocket-key"] ?? "");
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptance}\r\n\r\n`,
      );
      hold(request, socket, () => socket.write("octets"));
      socket.resume();
    } else
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        hold(request, socket, () => {
          webSocket.send("tick");
        });
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  scope.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    openFor: (subject) => [...open].filter((each) => each.subject === subject).map(({ path }) => path),
    requestsOf: (subject) => requests.get(subject) ?? 0,
    uploadedBy: (subject) => uploaded.get(subject) ?? 0,
  };
}
