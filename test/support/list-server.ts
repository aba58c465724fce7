/** Revocation lists on the web: what stands there now, and how often it was asked for. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scope } from "./scope.ts";

export type ListServer = {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly url: string;
  /** Path -> what stands there; what is not there is 404. */
  readonly files: Map<string, Uint8Array | string>;
  /** Milliseconds until it answers. */
  delay: number;
  readonly asked: (path: string) => number;
};

export async function listServer(scope: Scope): Promise<ListServer> {
  const files: ListServer["files"] = new Map();
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const file = files.get(url);
    setTimeout(() => {
      response.writeHead(file === undefined ? 404 : 200, { "Content-Type": "application/pkix-crl" });
      response.end(file);
    }, lists.delay);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  scope.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lists: ListServer = {
    ...{ url, files, delay: 0 },
    asked: (path) => asked.filter((each) => each === path).length,
  };
  return lists;
}
