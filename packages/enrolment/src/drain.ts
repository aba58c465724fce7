import type { Server } from "node:http";

/** Milliseconds that requests in flight are given. */
const patience = 30_000;

/**
 * Takes no new connections, lets the requests in flight finish and closes each connection as it falls idle.
 * What is not done after 30 s is cut.
 */
export function drain(server: Server, onDone: () => void): void {
  // A kept-alive connection becomes idle only after its answer, so asking once would miss it.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, patience);
  server.close(() => {
    clearInterval(sweep);
    clearTimeout(cut);
    onDone();
  });
}
