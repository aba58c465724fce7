import { connect } from "node:net";

export type RawExchange = {
  /** Everything that came back. */
  readonly octets: string;
  /** How the connection ended, where it was an error: `ECONNRESET`. */
  readonly error: string | undefined;
};

/**
 * Sends octets over TCP, without TLS, and waits for the other side to close.
 * @param then what is done behind the octets; `wait` says nothing more
 * @param patience milliseconds; then this side closes
 */
export function rawExchange(
  port: number,
  octets: string | Buffer,
  then: "end" | "wait" | "reset" = "wait",
  patience = 4_000,
): Promise<RawExchange> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    let received = "";
    let error: string | undefined;
    const timer = setTimeout(() => {
      error = "no end in time";
      socket.destroy();
    }, patience);
    socket.on("data", (part) => (received += part.toString("latin1")));
    socket.on("end", () => socket.end());
    socket.on("error", (failure: NodeJS.ErrnoException) => (error = failure.code));
    socket.on("close", () => {
      clearTimeout(timer);
      resolve({ octets: received, error });
    });
    if (octets.length > 0) socket.write(octets);
    if (then === "end") socket.end();
    if (then === "reset") setTimeout(() => socket.resetAndDestroy(), 20);
  });
}
