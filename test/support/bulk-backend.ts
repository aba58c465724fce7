/** A backend with plenty: `/bulk` never ends, `/silent` neither reads nor answers, everything else comes back as it was sent. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scope } from "./scope.ts";

const piece = Buffer.alloc(1 << 16, "sallyport ");

export async function bulkBackend(scope: Scope): Promise<{ readonly port: number }> {
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    if (request.url === "/silent") request.pause();
    else if (request.url === "/bulk" && request.method === "GET") pour(response);
    else request.pipe(response);
    request.on("error", () => undefined);
    response.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  scope.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port };
}

function pour(response: ServerResponse): void {
  const fill = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on("drain", fill);
  fill();
}
