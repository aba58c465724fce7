/** Connections that stand for as long as the load, each opened anew when the server hangs up. */
import type { TLSSocket } from "node:tls";
import type { Tally } from "../tally.ts";
import { clientContext, openConnection } from "./connection.ts";
import type { Target } from "./target.ts";

/** A server that hangs up at once must not make this a busy loop. */
const pause = 10;

/** What a connection does: told of its octets, and when it is open. */
type Conversation = {
  readonly begin: () => void;
  readonly receive: (octets: Buffer) => void;
};

/** @returns what closes them all */
export function standingConnections(
  count: number,
  { port, certificates }: Target,
  tally: Tally,
  talk: (socket: () => TLSSocket) => Conversation,
): () => void {
  const context = clientContext(certificates);
  const sockets = new Set<TLSSocket>();
  let isStopped = false;
  const open = () => {
    if (isStopped) return;
    const { begin, receive } = talk(() => socket);
    const socket = openConnection(port, context, receive);
    sockets.add(socket);
    socket.on("secureConnect", begin);
    socket.on("close", () => {
      sockets.delete(socket);
      if (isStopped) return;
      tally.failed();
      setTimeout(open, pause);
    });
  };
  for (let each = 0; each < count; each += 1) open();
  return () => {
    isStopped = true;
    for (const socket of sockets) socket.destroy();
  };
}
