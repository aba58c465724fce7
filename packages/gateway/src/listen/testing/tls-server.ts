/** An HTTPS server as the gateway's listener makes it, which tells how handshakes fail. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";

export type Failed = (error: NodeJS.ErrnoException, socket: TLSSocket) => void;

/** Makes NAME.key and a self-signed NAME.crt. @param algorithm arguments of `openssl req` */
export function selfSigned(folder: string, name: string, ...algorithm: string[]): void {
  const files = ["-keyout", `${name}.key`, "-out", `${name}.crt`];
  execFileSync("openssl", ["req", "-x509", "-nodes", "-subj", `/CN=${name}`, "-days", "2", "-newkey", ...algorithm, ...files], {
    cwd: folder,
    stdio: "ignore",
  });
} // prettier-ignore

/** @param folder has server.key and server.crt */
export async function tlsServer(folder: string, failed: Failed, options: ServerOptions = {}) {
  const server = createServer(
    {
      cert: readFileSync(join(folder, "server.crt")),
      key: readFileSync(join(folder, "server.key")),
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: 500,
      ALPNProtocols: ["http/1.1", "http/1.0"],
      ...options,
    },
    (_req, res) => res.end("over TLS\n"),
  );
  server.on("clientError", (_error: Error, socket: Socket) => {
    socket.destroySoon();
  });
  server.on("tlsClientError", failed);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { server, port: (server.address() as AddressInfo).port, close };
}
