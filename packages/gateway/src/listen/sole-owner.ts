/** Ports that are shared among our own processes, and with nobody else. */
import { createServer } from "node:net";
import type { Address } from "./listener.ts";

/**
 * Whoever shares a port shares it with every program of the same user that asks for the same: a second gateway, started by
 * mistake, would take half of the connections in silence. So it is looked first whether the port can be had alone.
 * @returns rejects with Node's error where it cannot
 */
export async function wouldOwn(address: Address): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(address, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
