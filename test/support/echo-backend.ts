/** A backend that gives back what it is sent: bodies, and the messages of WebSockets. And one stream that has no end. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { Scope } from "./scope.ts";

const beat = 50;

/**
 * `/stream` has a line with a number every 50 milliseconds.
 * @returns the port
 */
export async function echoBackend(scope: Scope): Promise<number> {
  const server = createServer((req, res) => {
    if (req.url === "/stream") count(res);
    else req.pipe(res.writeHead(200, { "Content-Type": "application/octet-stream" }));
  });
  const webSockets = new WebSocketServer({ server });
  webSockets.on("connection", (socket) => {
    socket.on("message", (data) => {
      socket.send(data);
    });
    socket.on("error", () => undefined);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  scope.after(async () => {
    for (const socket of webSockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

function count(res: ServerResponse): void {
  let number = 0;
  res.writeHead(200, { "Content-Type": "text/plain" });
  const timer = setInterval(() => res.write(`${(number += 1)}\n`), beat);
  res.on("close", () => {
    clearInterval(timer);
  });
}
