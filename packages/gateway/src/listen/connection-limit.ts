/** How many connections there may be: who comes beyond is told so, and who comes far beyond is not listened to at all. */
import type { Server, Socket } from "node:net";
import { Roll } from "../roll.ts";

export type ConnectionLimit = {
  /** Connections that are open. */
  readonly open: () => number;
  /** Whether the client on this connection came when there was no room, and there is still none. */
  readonly exceededBy: (socket: Socket) => boolean;
};

/** The part of the limit that is there besides, for those who are told that there is no room. */
const reserve = 0.1;

/**
 * Nobody who came when there was room is turned away. Nobody is looked at twice, either: as long as all have come when
 * there was room, a request costs the look at a number.
 * @param most connections; beyond, {@link ConnectionLimit.exceededBy} says so, and a tenth more than that are dropped as
 * soon as they are made
 * @param dropped called for each of those
 */
export function limitConnections(server: Server, most: number, dropped: () => void): ConnectionLimit {
  let open = 0;
  const beyond = new Roll<Socket>();
  server.maxConnections = most + Math.ceil(most * reserve);
  server.on("drop", dropped);
  server.on("connection", (socket: Socket) => {
    open += 1;
    if (open > most) beyond.add(socket);
    socket.once("close", () => {
      open -= 1;
      beyond.delete(socket);
    });
  });
  return {
    open: () => open,
    exceededBy(socket) {
      if (beyond.size === 0 || !beyond.has(connectionOf(socket))) return false;
      if (open <= most) beyond.delete(connectionOf(socket));
      return open > most;
    },
  };
}

/** What a TLS socket is spoken over; any other is it itself. */
export function connectionOf(socket: Socket): Socket {
  const { _parent: connection } = socket as { readonly _parent?: Socket | null }; // undocumented
  return connection ?? socket;
}
