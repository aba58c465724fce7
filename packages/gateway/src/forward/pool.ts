/** The connections to one target. */
import { Refusal } from "../refuse/refusal.ts";
import { Roll } from "../roll.ts";
import type { Addresses } from "./addresses.ts";
import type { Dial } from "./dial.ts";
import type { Exchange } from "./exchange.ts";
import { UpstreamConnection, type Owner, type Timeouts } from "./upstream-connection.ts";

export type PoolLimits = {
  readonly connections: number;
  /** Exchanges that wait for a connection; beyond, the client is told to come back. */
  readonly queue: number;
};

type PoolOptions = {
  readonly dial: Dial;
  readonly timeouts: Timeouts;
  readonly limits: PoolLimits;
  /** Of a target with a name. */
  readonly addresses: Addresses | undefined;
} & Pick<Owner<Exchange>, "unreachable" | "judged">;

type Connection = UpstreamConnection<Exchange>;
type Waiting = { readonly exchange: Exchange; readonly timer: NodeJS.Timeout };

export class Pool {
  readonly #options: PoolOptions;
  readonly #all = new Roll<Connection>();
  /** The most recently used last: it is the least likely to have been closed by the target. */
  readonly #idle: Connection[] = [];
  /** First come, first served. */
  readonly #waiting: Waiting[] = [];
  readonly #owner: Owner<Exchange>;
  #closing = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { unreachable, judged } = options;
    this.#owner = {
      ...{ unreachable, judged },
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

  /** Exchanges under way or waiting. */
  get load(): number {
    return this.#all.size - this.#idle.length + this.#waiting.length;
  }

  /** Starts the exchange on a pooled or new connection, or lets it wait for one. */
  send(exchange: Exchange): void {
    const connection = this.#pick();
    if (connection !== undefined) exchange.start(connection);
    else this.#enqueue(exchange);
  }

  /** Ends idle connections now and busy ones when their exchange is done. */
  close(): void {
    this.#closing = true;
    for (const connection of this.#idle.splice(0)) connection.abandon();
  }

  #pick(): Connection | undefined {
    const now = performance.now();
    const { addresses, limits } = this.#options;
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      const stays = addresses === undefined || addresses.holds(connection.address, now);
      if (stays && connection.usableUntil > now) return connection;
      connection.abandon();
    }
    return this.#all.size < limits.connections ? this.#open() : undefined;
  }

  #enqueue(exchange: Exchange): void {
    const { limits, timeouts } = this.#options;
    const busy = (reason: string) => {
      exchange.fail(new Refusal("upstream-busy", reason));
    };
    if (this.#waiting.length >= limits.queue) {
      busy(`${limits.connections} connections busy, ${this.#waiting.length} requests waiting`);
      return;
    }
    const timer = setTimeout(() => {
      withdraw();
      busy(`no connection was free within ${timeouts.firstByte} ms`);
    }, timeouts.firstByte);
    const waiting = { exchange, timer };
    this.#waiting.push(waiting);
    const withdraw = () => {
      clearTimeout(timer);
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
    exchange.wait(withdraw);
  }

  #open(): Connection {
    const { dial, timeouts } = this.#options;
    const connection = new UpstreamConnection<Exchange>(dial, timeouts, this.#owner);
    this.#all.add(connection);
    return connection;
  }

  #recycle(connection: Connection): void {
    const next = this.#nextWaiting();
    if (next !== undefined) next.start(connection);
    else if (this.#closing) connection.abandon();
    else this.#idle.push(connection);
  }

  #remove(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    const next = this.#nextWaiting();
    if (next !== undefined) next.start(this.#open());
  }

  #nextWaiting(): Exchange | undefined {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return undefined;
    clearTimeout(waiting.timer);
    return waiting.exchange;
  }
}
