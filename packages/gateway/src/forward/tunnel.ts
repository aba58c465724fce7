/** Two sockets joined after a 101: octets both ways until either side ends, or the client's right to be here does. */
import type { Socket } from "node:net";

/** The longest delay a timer can hold; a certificate that ends later is looked at again then. */
const longestDelay = 2 ** 31 - 1;

/**
 * @param notAfter when the client's certificate ends, milliseconds since the epoch; the tunnel ends with it
 * @param closed called once, when both sides are gone, with the octets that the upstream sent
 */
export function joinSockets(
  client: Socket,
  upstream: Socket,
  notAfter: number,
  closed: (bytes: number) => void,
): void {
  let timer: NodeJS.Timeout | undefined;
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    client.destroy();
    upstream.destroy();
    closed(upstream.bytesRead);
  };
  const watch = () => {
    const left = notAfter - Date.now();
    if (left < 0) close();
    else if (left !== Infinity) timer = setTimeout(watch, Math.min(left + 1, longestDelay)).unref();
  };
  for (const socket of [client, upstream]) {
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.on("error", close).on("close", close);
  }
  client.pipe(upstream);
  upstream.pipe(client);
  watch();
}
