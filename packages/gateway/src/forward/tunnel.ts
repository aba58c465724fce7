/** Two sockets joined after a 101: octets both ways until either side ends. */
import type { Socket } from "node:net";

/** The upstream's side of a tunnel. */
export type Tunnelled = {
  readonly socket: Socket;
  /** @param sink gets every piece from now on, and says whether the next may come; if not, the socket is to be resumed */
  readonly read: (sink: (piece: Buffer) => boolean) => void;
};

/**
 * A tunnel ends also when somebody destroys one of its sockets: that is how the client is cut off whose right to be here
 * has ended.
 * @param closed called once, when both sides are gone, with the octets that the upstream sent
 */
export function joinSockets(
  client: Socket,
  { socket: upstream, read }: Tunnelled,
  closed: (bytes: number) => void,
): void {
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    client.destroy();
    upstream.destroy();
    closed(upstream.bytesRead);
  };
  for (const socket of [client, upstream]) {
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.on("error", close).on("close", close);
  }
  client.pipe(upstream);
  read((piece) => client.write(piece));
  client.on("drain", () => upstream.resume());
  upstream.on("end", () => client.end());
}
