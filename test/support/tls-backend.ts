/** A backend that speaks TLS, and says by whom it was asked; a WebSocket gets `hello`. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import type { Scope } from "./scope.ts";

export type TlsBackend = {
  readonly port: number;
  /** Of each request so far: the name that was asked for (SNI), and the CN of the client's certificate. */
  readonly asked: readonly { readonly serverName: string | false; readonly client: string | undefined }[];
};

export async function tlsBackend(scope: Scope, options: ServerOptions): Promise<TlsBackend> {
  const asked: { serverName: string | false; client: string | undefined }[] = [];
  const server = createServer(options, ({ socket }, response) => {
    if (!(socket instanceof TLSSocket)) throw new Error("no TLS");
    const client = socket.getPeerX509Certificate()?.subject.match(/CN=(.*)/)?.[1];
    asked.push({ serverName: socket.servername ?? false, client });
    response.end("ok\n");
  });
  server.on("upgrade", ({ headers }, socket) => {
    socket.on("error", () => undefined);
    const key = `${headers["sec-websocket-key"] ?? ""}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nhello`,
    );
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  scope.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}
