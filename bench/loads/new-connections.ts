/** A new connection for every request. */
import type { TLSSocket } from "node:tls";
import { answers } from "./answers.ts";
import { clientContext, openConnection } from "./connection.ts";
import type { Load } from "./load.ts";
import { requestHead } from "./request-head.ts";

const pause = 10;

/**
 * `none`: full handshakes only. `once`: what a client does, which uses each ticket that it gets for one connection
 * (RFC 8446 appendix C.4) and shakes hands in full when it has none. `again`: the same ticket for every connection, so
 * that resumption alone is measured.
 */
type Tickets = "none" | "once" | "again";

export function newConnections(tickets: Tickets, connections: number): Load {
  return ({ port, certificates, headers }, tally) => {
    const context = clientContext(certificates);
    const request = requestHead("GET /flask/hello", headers, ["Connection: close"]);
    const sockets = new Set<TLSSocket>();
    const purse: Buffer[] = [];
    const keep = (ticket: Buffer) => {
      if (tickets === "once" || purse.length === 0) purse.push(ticket);
    };
    let isStopped = false;
    const open = () => {
      if (isStopped) return;
      const since = performance.now();
      let isAnswered = false;
      const receive = answers((good) => {
        isAnswered = good && !isAnswered;
        tally.shookHands(socket.isSessionReused());
        if (good) {
          tally.answered(since);
          tally.done(1);
        }
        socket.end();
      });
      const socket = openConnection(port, context, receive, tickets === "again" ? purse[0] : purse.pop());
      sockets.add(socket);
      socket.on("secureConnect", () => socket.write(request));
      if (tickets !== "none") socket.on("session", keep);
      socket.on("close", () => {
        sockets.delete(socket);
        if (isStopped) return;
        if (isAnswered) open();
        else {
          tally.failed();
          setTimeout(open, pause);
        }
      });
    };
    for (let each = 0; each < connections; each += 1) open();
    return () => {
      isStopped = true;
      for (const socket of sockets) socket.destroy();
    };
  };
}
