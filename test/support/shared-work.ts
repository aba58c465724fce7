/** Several backends that do the same, each under a name of its own, and that can be down, hang or break. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scope } from "./scope.ts";

export type Worker = {
  readonly name: string;
  readonly port: number;
  readonly target: string;
  /** Requests that have arrived, the health checks left out. */
  readonly served: () => number;
  readonly checked: () => number;
  /** What it does with requests from now on; answers with its name, unless told. */
  readonly behave: (next?: (request: IncomingMessage, response: ServerResponse) => void) => void;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
};

export const healthPath = "/healthz";

export async function worker(scope: Scope, name: string): Promise<Worker> {
  let served = 0;
  let checked = 0;
  let port = 0;
  const answer = (_: IncomingMessage, response: ServerResponse) => {
    response.end(name);
  };
  let behaviour = answer;
  let server: Server | undefined;
  const start = async () => {
    server = createServer((request, response) => {
      if (request.url === healthPath) checked += 1;
      else served += 1;
      behaviour(request, response);
    }).listen(port, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    const stopping = server;
    server = undefined;
    if (stopping === undefined) return;
    stopping.closeAllConnections();
    stopping.close();
    await once(stopping, "close");
  };
  await start();
  scope.after(stop);
  return {
    name,
    port,
    target: `http://127.0.0.1:${port}/`,
    served: () => served,
    checked: () => checked,
    behave: (next = answer) => {
      behaviour = next;
    },
    start,
    stop,
  };
}
