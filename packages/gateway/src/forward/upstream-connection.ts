/** One connection to an upstream, carrying one exchange at a time. */
import type { Socket } from "node:net";
import { Refusal } from "../refuse/refusal.ts";
import type { Carried } from "./carried.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import { watchDeadline, type Watched } from "./deadlines.ts";
import type { Dial } from "./dial.ts";
import { ReadBuffer, type Piece } from "./read-buffer.ts";
import { parseResponseHead, type ResponseHead } from "./response-head.ts";

/** What a connection tells its pool. */
export type Owner<C extends Carried = Carried> = {
  readonly idle: (connection: UpstreamConnection<C>) => void;
  readonly gone: (connection: UpstreamConnection<C>) => void;
  /** The connection had gone stale before this exchange reached the upstream: nothing was heard, nothing is lost. */
  readonly retry: (exchange: C) => void;
  /** There was no connection at all: not an octet of this exchange has left. */
  readonly unreachable: (exchange: C, reason: string) => void;
  /** How it went, where somebody wants to know: the status, or 0 for no valid answer. */
  readonly judged: ((status: number) => void) | undefined;
};

/** Milliseconds. */
export type Timeouts = {
  /** For a new connection: the name, TCP and TLS. */
  readonly connect: number;
  /** From the end of the request to the end of the answer's head, and between two pieces of the request's body. */
  readonly firstByte: number;
  /** Between two pieces of the answer's body: an event stream may be quiet for that long. */
  readonly idle: number;
};

const largestHead = 32_768;
const mostInterim = 16;
/** How long an idle connection is trusted when the upstream gave no hint: less than the 5 s that Node and Apache keep one. */
const defaultIdle = 4;
const headEnd = Buffer.from("\r\n\r\n");
const none: readonly string[] = [];

export class UpstreamConnection<C extends Carried = Carried> implements Watched {
  /** Until when this idle connection may be used again, milliseconds of the monotonic clock. */
  usableUntil = 0;
  /** The request may be written to the end: the connection is up. */
  open = false;
  readonly #socket: Socket;
  readonly #owner: Owner<C>;
  readonly #timeouts: Timeouts;
  #exchange: C | undefined;
  #reused = false;
  #ended = false;
  #heard = false;
  #interim = 0;
  #pending: Buffer | undefined;
  #head: ResponseHead | undefined;
  #left = 0;
  #decoder: ChunkedDecoder | undefined;
  readonly #buffer = new ReadBuffer();
  #tunnel: ((piece: Buffer) => boolean) | undefined;
  /** When what is waited for is late, milliseconds of the monotonic clock. */
  #due: number;

  constructor(dial: Dial, timeouts: Timeouts, owner: Owner<C>) {
    this.#owner = owner;
    this.#timeouts = timeouts;
    const { socket, ready } = dial({
      buffer: () => this.#buffer.next(),
      callback: (octets) => this.#receive(octets),
    });
    this.#socket = socket;
    this.#due = performance.now() + timeouts.connect;
    const forget = watchDeadline(this);
    let failure: Error | undefined;
    socket.on(ready, () => {
      this.open = true;
      this.progress();
      this.#exchange?.opened();
    });
    socket.on("end", () => (this.#ended = true));
    socket.on("error", (error) => (failure = error));
    socket.on("close", () => {
      forget();
      this.#closed(failure);
    });
  }

  /** The target's address, as far as it is known. */
  get address(): string | undefined {
    return this.#socket.remoteAddress;
  }

  /** Takes the exchange on; the request is written to the returned socket. */
  carry(exchange: C): Socket {
    this.#reused = this.#exchange === undefined && this.usableUntil > 0;
    this.#exchange = exchange;
    this.#heard = false;
    this.#interim = 0;
    if (this.open) this.progress();
    return this.#socket;
  }

  /** A piece of the request has left: the answer need not have come yet. */
  progress(): void {
    this.#due = performance.now() + this.#timeouts.firstByte;
  }

  check(now: number): void {
    if (now >= this.#due) this.#timeOut();
  }

  /** Ends the connection: the exchange on it learns nothing more. */
  abandon(): void {
    this.#exchange = undefined;
    this.#socket.destroy();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** @returns whether the next piece may come */
  #receive(octets: number): boolean {
    if (this.#tunnel !== undefined) return this.#tunnel(this.#buffer.keep(octets).octets);
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Octets that nobody asked for must never be taken for the next exchange's answer.
      this.#socket.destroy();
      return false;
    }
    this.#heard = true;
    try {
      if (this.#head === undefined) return this.#readHead(exchange, this.#buffer.view(octets));
      return this.#readBody(exchange, this.#head, this.#buffer.keep(octets));
    } catch (error) {
      const begun = this.#head !== undefined;
      this.abandon();
      if (!begun) this.#owner.judged?.(0);
      exchange.fail(error instanceof Refusal ? error : new Refusal("upstream-invalid", String(error)));
      return false;
    }
  }

  /** @param chunk good for the moment alone */
  #readHead(exchange: C, chunk: Buffer): boolean {
    const buffer = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk]);
    const end = buffer.indexOf(headEnd);
    if (end < 0) {
      const lineFeed = buffer.indexOf(10);
      if (buffer.length > largestHead)
        throw new Refusal("upstream-invalid", "The upstream's head is larger than 32 KiB.");
      if (lineFeed === 0 || (lineFeed > 0 && buffer[lineFeed - 1] !== 13)) {
        throw new Refusal("upstream-invalid", "The upstream ends lines without a CR.");
      }
      this.#pending = Buffer.from(buffer);
      return true;
    }
    this.#pending = undefined;
    if (end > largestHead)
      throw new Refusal("upstream-invalid", "The upstream's head is larger than 32 KiB.");
    const head = parseResponseHead(buffer.toString("latin1", 0, end), exchange.method);
    const rest = buffer.subarray(end + 4);
    if (head.status === 101) return this.#switchProtocols(exchange, head, Buffer.from(rest));
    if (head.status >= 200) return this.#begin(exchange, head, rest);
    if (++this.#interim > mostInterim)
      throw new Refusal("upstream-invalid", "The upstream sent too many interim answers.");
    this.progress();
    if (head.status !== 100) exchange.interim(head);
    return rest.length === 0 || this.#readHead(exchange, rest);
  }

  #begin(exchange: C, head: ResponseHead, rest: Buffer): boolean {
    const length = head.body === "none" ? 0 : head.length;
    this.#owner.judged?.(head.status);
    if (head.body === "none" || (head.body === "length" && rest.length >= length)) {
      exchange.answer(head, rest.length === length ? rest : rest.subarray(0, length), true);
      return this.#finish(head, rest.length > length);
    }
    this.#head = head;
    this.#left = head.body === "length" ? length : Infinity;
    this.#decoder = head.body === "chunked" ? new ChunkedDecoder(exchange.trailers) : undefined;
    this.#due = performance.now() + this.#timeouts.idle;
    exchange.answer(head, undefined, false);
    if (rest.length > 0)
      return this.#readBody(exchange, head, { octets: Buffer.from(rest), release: undefined });
    exchange.flush();
    return true;
  }

  #readBody(exchange: C, head: ResponseHead, { octets: chunk, release }: Piece): boolean {
    this.#due = performance.now() + this.#timeouts.idle;
    let flowing = true;
    let read: number;
    if (this.#decoder !== undefined) {
      // All of them are views of one buffer, which is free when the last of them is written.
      let last: Buffer | undefined;
      read = this.#decoder.decode(chunk, 0, (piece) => {
        if (last !== undefined) exchange.pass(last);
        last = piece;
      });
      if (last !== undefined) flowing = exchange.pass(last, release);
    } else {
      read = Math.min(this.#left, chunk.length);
      this.#left -= read;
      flowing = exchange.pass(read === chunk.length ? chunk : chunk.subarray(0, read), release);
    }
    if (this.#left === 0 || this.#decoder?.done === true) {
      exchange.end(this.#decoder?.trailers ?? none);
      return this.#finish(head, read < chunk.length);
    }
    return flowing;
  }

  /** @returns true: whatever comes next is looked at, and ends the connection */
  #finish(head: ResponseHead, extra: boolean): boolean {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (this.#head !== undefined) {
      this.#buffer.share();
      this.#head = undefined;
      this.#decoder = undefined;
    }
    // Whoever answers before it has the whole request, or says more than its answer, does not get another request.
    if (extra || !head.persistent || exchange?.sent !== true) {
      this.#socket.destroy();
      return false;
    }
    this.usableUntil = performance.now() + ((head.keepAlive ?? defaultIdle + 1) - 1) * 1000;
    this.#due = this.usableUntil;
    this.#owner.idle(this);
    return true;
  }

  #switchProtocols(exchange: C, head: ResponseHead, rest: Buffer): boolean {
    if (!exchange.upgradable)
      throw new Refusal("upstream-invalid", "The upstream switched protocols unasked.");
    this.#exchange = undefined;
    this.#due = Infinity;
    this.#owner.judged?.(head.status);
    this.#owner.gone(this); // a tunnel is nobody's pooled connection any more
    exchange.switchProtocols(head, { socket: this.#socket, read: (sink) => (this.#tunnel = sink) }, rest);
    return true;
  }

  #timeOut(): void {
    const exchange = this.#exchange;
    const { idle, firstByte } = this.#timeouts;
    const begun = this.#head !== undefined;
    if (!this.open) {
      this.#socket.destroy(new Error(`no connection within ${this.#timeouts.connect} ms`));
      return;
    }
    const blocked = this.#socket.writableLength > 0;
    this.abandon();
    if (exchange === undefined) return;
    if (begun) {
      exchange.fail(new Refusal("upstream-timeout", `nothing more of the body within ${idle} ms`));
    } else if (exchange.sent || blocked) {
      this.#owner.judged?.(0);
      exchange.fail(new Refusal("upstream-timeout", `no answer within ${firstByte} ms`));
    } else exchange.fail(new Refusal("request-timeout", "the body stopped coming"));
  }

  #closed(failure: Error | undefined): void {
    this.#owner.gone(this);
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange === undefined) return;
    const reason = failure?.message ?? "the connection was closed";
    if (this.#head !== undefined) {
      // Without a length, the end of the connection is the end of the body; a failure is not.
      if (this.#head.body === "close" && this.#ended && failure === undefined) exchange.end(none);
      else exchange.fail(new Refusal("upstream-invalid", `the body was cut off: ${reason}`));
    } else if (this.#reused && !this.#heard && exchange.repeatable) this.#owner.retry(exchange);
    else if (this.open) {
      this.#owner.judged?.(0);
      exchange.fail(new Refusal("upstream-invalid", `no answer: ${reason}`));
    } else this.#owner.unreachable(exchange, reason);
  }
}
