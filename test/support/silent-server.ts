/** A server that takes connections and never answers, once it was told to be silent. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scope } from "./scope.ts";

export type SilentServer = {
  readonly port: number;
  /** Requests that have come so far. */
  readonly asked: () => number;
  /** From now on nobody gets an answer. */
  readonly fallSilent: () => void;
};

/** @param answer what everybody gets before that */
export async function silentServer(scope: Scope, answer: Uint8Array): Promise<SilentServer> {
  let silent = false;
  let asked = 0;
  const server = createServer((_req, res) => {
    asked += 1;
    if (!silent) res.end(answer);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  scope.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => asked,
    fallSilent: () => (silent = true),
  };
}
