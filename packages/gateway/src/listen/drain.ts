/** The end of a listener: nobody new, and everybody who is here is heard out. */
import { Server, type Socket } from "node:net";
import type { Delivery } from "./deliver.ts";

/**
 * How long an idle connection stays, in milliseconds: its next request may be on its way, and is answered, with the word
 * that it was the last. Ended at once, the client would lose it.
 */
const grace = 500;
const sweepEvery = 100;

/**
 * Takes no new connections and ends those on which nothing is under way, silent and half-open ones too.
 * @param open the connections, as long as they are; `Delivery` knows them by the same sockets
 * @returns a promise that resolves when the last one is gone
 */
export function drain(server: Server, open: Iterable<Socket>, delivery: Delivery): Promise<void> {
  return new Promise((resolve) => {
    delivery.finish(open);
    const end = performance.now() + grace;
    const sweep = setInterval(() => {
      if (performance.now() < end) return;
      for (const socket of open) if (!delivery.isBusy(socket)) socket.destroy();
    }, sweepEvery);
    // Not http's own close, which would end idle connections now and stop looking for heads that take too long.
    Server.prototype.close.call(server, () => {
      clearInterval(sweep);
      resolve();
    });
  });
}
