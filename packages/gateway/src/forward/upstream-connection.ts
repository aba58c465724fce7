/** One connection to an upstream, carrying one exchange at a time. */
import type { Socket } from "node:net";
import { Refusal } from "../refuse/refusal.ts";
import type { Carried } from "./carried.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import type { Dial } from "./dial.ts";
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

export class UpstreamConnection<C extends Carried = Carried> {
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
  #headDeadline: NodeJS.Timeout | undefined;

  constructor(dial: Dial, timeouts: Timeouts, owner: Owner<C>) {
    this.#owner = owner;
    this.#timeouts = timeouts;
    const { socket, ready } = dial();
    this.#socket = socket;
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${timeouts.connect} ms`)),
      timeouts.connect,
    );
    socket.setTimeout(timeouts.firstByte);
    let failure: Error | undefined;
    socket.on(ready, () => {
      clearTimeout(timer);
      this.open = true;
      this.#exchange?.opened();
    });
    socket.on("data", (chunk) => {
      this.#receive(chunk);
    });
    socket.on("timeout", () => {
      this.#timeOut();
    });
    socket.on("end", () => (this.#ended = true));
    socket.on("error", (error) => (failure = error));
    socket.on("close", () => {
      clearTimeout(timer);
      clearTimeout(this.#headDeadline);
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
    return this.#socket;
  }

  /** Ends the connection: the exchange on it learns nothing more. */
  abandon(): void {
    this.#exchange = undefined;
    this.#socket.destroy();
  }

  resume(): void {
    this.#socket.resume();
  }

  #receive(chunk: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Octets that nobody asked for must never be taken for the next exchange's answer.
      this.#socket.destroy();
      return;
    }
    this.#heard = true;
    try {
      if (this.#head === undefined) this.#readHead(exchange, chunk);
      else this.#readBody(exchange, this.#head, chunk);
    } catch (error) {
      const begun = this.#head !== undefined;
      this.abandon();
      if (!begun) this.#owner.judged?.(0);
      exchange.fail(error instanceof Refusal ? error : new Refusal("upstream-invalid", String(error)));
    }
  }

  #readHead(exchange: C, chunk: Buffer): void {
    const buffer = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk]);
    const end = buffer.indexOf(headEnd);
    if (end < 0) {
      const lineFeed = buffer.indexOf(10);
      if (buffer.length > largestHead)
        throw new Refusal("upstream-invalid", "The upstream's head is larger than 32 KiB.");
      if (lineFeed === 0 || (lineFeed > 0 && buffer[lineFeed - 1] !== 13)) {
        throw new Refusal("upstream-invalid", "The upstream ends lines without a CR.");
      }
      this.#pending = buffer;
      // Octet by octet a head could take for ever, each of them in time.
      this.#headDeadline ??= setTimeout(() => {
        this.#timeOut();
      }, this.#timeouts.firstByte);
      return;
    }
    this.#pending = undefined;
    if (this.#headDeadline !== undefined) {
      clearTimeout(this.#headDeadline);
      this.#headDeadline = undefined;
    }
    if (end > largestHead)
      throw new Refusal("upstream-invalid", "The upstream's head is larger than 32 KiB.");
    const head = parseResponseHead(buffer.toString("latin1", 0, end), exchange.method);
    const rest = buffer.subarray(end + 4);
    if (head.status === 101) this.#switchProtocols(exchange, head, rest);
    else if (head.status < 200) {
      if (++this.#interim > mostInterim)
        throw new Refusal("upstream-invalid", "The upstream sent too many interim answers.");
      if (head.status !== 100) exchange.interim(head);
      if (rest.length > 0) this.#readHead(exchange, rest);
    } else this.#begin(exchange, head, rest);
  }

  #begin(exchange: C, head: ResponseHead, rest: Buffer): void {
    const length = head.body === "none" ? 0 : head.length;
    this.#owner.judged?.(head.status);
    if (head.body === "none" || (head.body === "length" && rest.length >= length)) {
      exchange.answer(head, rest.length === length ? rest : rest.subarray(0, length), true);
      this.#finish(head, rest.length > length);
      return;
    }
    this.#head = head;
    this.#left = head.body === "length" ? length : Infinity;
    this.#decoder = head.body === "chunked" ? new ChunkedDecoder(exchange.trailers) : undefined;
    this.#socket.setTimeout(this.#timeouts.idle);
    exchange.answer(head, undefined, false);
    if (rest.length > 0) this.#readBody(exchange, head, rest);
  }

  #readBody(exchange: C, head: ResponseHead, chunk: Buffer): void {
    let flowing = true;
    let read: number;
    if (this.#decoder !== undefined) {
      read = this.#decoder.decode(chunk, 0, (piece) => (flowing = exchange.pass(piece)));
    } else {
      read = Math.min(this.#left, chunk.length);
      this.#left -= read;
      flowing = exchange.pass(read === chunk.length ? chunk : chunk.subarray(0, read));
    }
    if (this.#left === 0 || this.#decoder?.done === true) {
      exchange.end(this.#decoder?.trailers ?? none);
      this.#finish(head, read < chunk.length);
    } else if (!flowing) this.#socket.pause();
  }

  #finish(head: ResponseHead, extra: boolean): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (this.#head !== undefined) {
      this.#socket.setTimeout(this.#timeouts.firstByte);
      this.#socket.resume();
      this.#head = undefined;
      this.#decoder = undefined;
    }
    // Whoever answers before it has the whole request, or says more than its answer, does not get another request.
    if (extra || !head.persistent || exchange?.sent !== true) {
      this.#socket.destroy();
      return;
    }
    this.usableUntil = performance.now() + ((head.keepAlive ?? defaultIdle + 1) - 1) * 1000;
    this.#owner.idle(this);
  }

  #switchProtocols(exchange: C, head: ResponseHead, rest: Buffer): void {
    if (!exchange.upgradable)
      throw new Refusal("upstream-invalid", "The upstream switched protocols unasked.");
    this.#exchange = undefined;
    this.#socket.removeAllListeners("data").removeAllListeners("timeout").setTimeout(0);
    this.#socket.pause();
    this.#owner.judged?.(head.status);
    this.#owner.gone(this); // a tunnel is nobody's pooled connection any more
    exchange.switchProtocols(head, this.#socket, rest);
  }

  #timeOut(): void {
    const exchange = this.#exchange;
    const { idle, firstByte } = this.#timeouts;
    const begun = this.#head !== undefined;
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
