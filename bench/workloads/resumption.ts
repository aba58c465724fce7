/** W3: everybody comes back with a ticket. */
import { newConnections } from "../loads/new-connections.ts";
import { fullHandshakesP256 } from "./full-handshakes.ts";
import type { Workload } from "./workload.ts";

const atOnce = 16;

/** As a client meets it: where a server gives no new ticket with a resumed handshake, the next one is a full one. */
export const resumption: Workload = {
  ...fullHandshakesP256,
  name: "w3",
  title: "W3 new connections: resumed as a client can, each ticket used once",
  load: newConnections("once", atOnce),
};

/** The resumed handshake by itself. */
export const resumedAgain: Workload = {
  ...fullHandshakesP256,
  name: "w3r",
  title: "W3r new connections: every one of them resumed, with one and the same ticket",
  load: newConnections("again", atOnce),
};
