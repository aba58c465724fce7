/** The `ws` package on both ends: a backend whose WebSockets a test holds in its hands, and a client with a certificate. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer, type ClientOptions, type ServerOptions } from "ws";
import type { Scope } from "./scope.ts";
import type { Identity } from "./test-authority.ts";

export type Opened = { readonly socket: WebSocket; readonly request: IncomingMessage };

export type WebSocketBackend = {
  readonly port: number;
  /** Handshakes that have arrived, those included that it refused. */
  readonly asked: () => number;
  /** The next WebSocket that is opened. */
  readonly next: () => Promise<Opened>;
};

/** @param greeting sent at once, in the same breath as the 101 */
export async function webSocketBackend(
  scope: Scope,
  options: ServerOptions = {},
  greeting?: string,
): Promise<WebSocketBackend> {
  const server = createServer();
  const sockets = new WebSocketServer({ ...options, server });
  let asked = 0;
  server.prependListener("upgrade", () => (asked += 1));
  sockets.on("connection", (socket) => {
    socket.on("error", () => undefined);
    if (greeting !== undefined) socket.send(greeting);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  scope.after(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => asked,
    next: async () => {
      const [socket, request] = (await once(sockets, "connection")) as [WebSocket, IncomingMessage];
      return { socket, request };
    },
  };
}

export type Client = {
  readonly path?: string;
  readonly protocols?: readonly string[];
} & ClientOptions;

/** A WebSocket that is on its way, under `/flask/`, unless told. */
export function webSocketTo(
  scope: Scope,
  port: number,
  identity: Identity | undefined,
  { path = "/flask/", protocols = [], ...options }: Client = {},
): WebSocket {
  const url = `wss://localhost:${port}${path}`;
  const socket = new WebSocket(url, [...protocols], { ...options, ...identity, rejectUnauthorized: false });
  socket.on("error", () => undefined);
  scope.after(() => {
    socket.terminate();
  });
  return socket;
}

/** The next message, as octets. */
export async function messageOf(socket: WebSocket): Promise<{ data: Buffer; isBinary: boolean }> {
  const [data, isBinary] = (await once(socket, "message")) as [Buffer, boolean];
  return { data, isBinary };
}

/** How it was closed. */
export async function closeOf(socket: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = (await once(socket, "close")) as [number, Buffer];
  return [code, reason.toString()];
}
