/** An upstream and its pool of connections. */
import { Refusal } from "../refuse/refusal.ts";
import type { Exchange } from "./exchange.ts";
import { UpstreamConnection, type Owner, type UpstreamAddress } from "./upstream-connection.ts";

const mostConnections = 256;
/** Exchanges that wait for a connection; beyond, the client is told to come back. */
const mostWaiting = 1024;

export class Upstream {
  readonly #address: UpstreamAddress;
  readonly #all = new Set<UpstreamConnection>();
  /** The most recently used last: it is the least likely to have been closed by the upstream. */
  readonly #idle: UpstreamConnection[] = [];
  readonly #waiting: Exchange[] = [];
  readonly #owner: Owner;
  #closing = false;

  constructor(address: UpstreamAddress) {
    this.#address = address;
    this.#owner = {
      idle: (connection) => {
        this.#recycle(connection);
      },
      gone: (connection) => {
        this.#remove(connection);
      },
      retry: (exchange) => {
        exchange.start(this.#open());
      },
    };
  }

  /** Starts the exchange on a pooled or new connection, or lets it wait for one. */
  send(exchange: Exchange): void {
    const connection = this.#pick();
    if (connection !== undefined) exchange.start(connection);
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(exchange);
    else
      exchange.fail(
        new Refusal("upstream-busy", `${mostConnections} connections busy, ${mostWaiting} requests waiting`),
      );
  }

  /** Ends idle connections now and busy ones when their exchange is done. */
  close(): void {
    this.#closing = true;
    for (const connection of this.#idle.splice(0)) connection.abandon();
  }

  #pick(): UpstreamConnection | undefined {
    const now = performance.now();
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.usableUntil > now) return connection;
      connection.abandon();
    }
    return this.#all.size < mostConnections ? this.#open() : undefined;
  }

  #open(): UpstreamConnection {
    const connection = new UpstreamConnection(this.#address, this.#owner);
    this.#all.add(connection);
    return connection;
  }

  #recycle(connection: UpstreamConnection): void {
    const next = this.#nextWaiting();
    if (next !== undefined) next.start(connection);
    else if (this.#closing) connection.abandon();
    else this.#idle.push(connection);
  }

  #remove(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    const next = this.#nextWaiting();
    if (next !== undefined) next.start(this.#open());
  }

  #nextWaiting(): Exchange | undefined {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!next.abandoned) return next;
    }
    return undefined;
  }
}
