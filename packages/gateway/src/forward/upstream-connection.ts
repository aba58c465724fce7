/** One connection to an upstream, carrying one exchange at a time. */
import { connect, type Socket } from "node:net";
import { Refusal } from "../refuse/refusal.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import type { Carrier, Exchange } from "./exchange.ts";
import { parseResponseHead, type ResponseHead } from "./response-head.ts";

export type UpstreamAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** What a connection tells its pool. */
export type Owner = {
  readonly idle: (connection: UpstreamConnection) => void;
  readonly gone: (connection: UpstreamConnection) => void;
  /** The connection had gone stale before this exchange reached the upstream: nothing was heard, nothing is lost. */
  readonly retry: (exchange: Exchange) => void;
};

const connectTimeout = 2_000;
const firstByteTimeout = 30_000;
/** Between two reads or writes of a body that is on its way: an event stream may be quiet for that long. */
const streamTimeout = 300_000;
const largestHead = 32_768;
const mostInterim = 16;
/** How long an idle connection is trusted when the upstream gave no hint: less than the 5 s that Node and Apache keep one. */
const defaultIdle = 4;
const headEnd = Buffer.from("\r\n\r\n");

export class UpstreamConnection implements Carrier {
  /** Until when this idle connection may be used again, milliseconds of the monotonic clock. */
  usableUntil = 0;
  readonly #socket: Socket;
  readonly #owner: Owner;
  #exchange: Exchange | undefined;
  #connected = false;
  #reused = false;
  #ended = false;
  #heard = false;
  #interim = 0;
  #pending: Buffer | undefined;
  #head: ResponseHead | undefined;
  #left = 0;
  #decoder: ChunkedDecoder | undefined;

  constructor(address: UpstreamAddress, owner: Owner) {
    this.#owner = owner;
    const socket = connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    this.#socket = socket;
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${connectTimeout} ms`)),
      connectTimeout,
    );
    socket.setTimeout(firstByteTimeout);
    let failure: Error | undefined;
    socket.on("connect", () => {
      clearTimeout(timer);
      this.#connected = true;
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
      this.#closed(failure);
    });
  }

  carry(exchange: Exchange): Socket {
    this.#reused = this.#exchange === undefined && this.usableUntil > 0;
    this.#exchange = exchange;
    this.#heard = false;
    this.#interim = 0;
    return this.#socket;
  }

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
      this.abandon();
      exchange.fail(error instanceof Refusal ? error : new Refusal("upstream-invalid", String(error)));
    }
  }

  #readHead(exchange: Exchange, chunk: Buffer): void {
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
      return;
    }
    this.#pending = undefined;
    if (end > largestHead)
      throw new Refusal("upstream-invalid", "The upstream's head is larger than 32 KiB.");
    const head = parseResponseHead(buffer.toString("latin1", 0, end), exchange.method);
    const rest = buffer.subarray(end + 4);
    if (head.status === 101) this.#switchProtocols(exchange, head, rest);
    else if (head.status < 200) {
      if (++this.#interim > mostInterim)
        throw new Refusal("upstream-invalid", "The upstream sent too many interim answers.");
      if (rest.length > 0) this.#readHead(exchange, rest);
    } else this.#begin(exchange, head, rest);
  }

  #begin(exchange: Exchange, head: ResponseHead, rest: Buffer): void {
    const length = head.body === "none" ? 0 : head.length;
    if (head.body === "none" || (head.body === "length" && rest.length >= length)) {
      exchange.answer(head, rest.length === length ? rest : rest.subarray(0, length), true);
      this.#finish(head, rest.length > length);
      return;
    }
    this.#head = head;
    this.#left = head.body === "length" ? length : Infinity;
    this.#decoder = head.body === "chunked" ? new ChunkedDecoder() : undefined;
    this.#socket.setTimeout(streamTimeout);
    exchange.answer(head, undefined, false);
    if (rest.length > 0) this.#readBody(exchange, head, rest);
  }

  #readBody(exchange: Exchange, head: ResponseHead, chunk: Buffer): void {
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
      exchange.end();
      this.#finish(head, read < chunk.length);
    } else if (!flowing) this.#socket.pause();
  }

  #finish(head: ResponseHead, extra: boolean): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (this.#head !== undefined) {
      this.#socket.setTimeout(firstByteTimeout);
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

  #switchProtocols(exchange: Exchange, head: ResponseHead, rest: Buffer): void {
    if (!exchange.upgradable)
      throw new Refusal("upstream-invalid", "The upstream switched protocols unasked.");
    this.#exchange = undefined;
    this.#socket.removeAllListeners("data").removeAllListeners("timeout").setTimeout(0);
    this.#socket.pause();
    exchange.switchProtocols(head, this.#socket, rest);
  }

  #timeOut(): void {
    const exchange = this.#exchange;
    this.abandon();
    if (exchange === undefined) return;
    if (exchange.sent)
      exchange.fail(new Refusal("upstream-timeout", `no answer within ${firstByteTimeout} ms`));
    else exchange.fail(new Refusal("request-timeout", "the body stopped coming"));
  }

  #closed(failure: Error | undefined): void {
    this.#owner.gone(this);
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange === undefined) return;
    const reason = failure?.message ?? "the connection was closed";
    if (this.#head !== undefined) {
      // Without a length, the end of the connection is the end of the body; a failure is not.
      if (this.#head.body === "close" && this.#ended && failure === undefined) exchange.end();
      else exchange.fail(new Refusal("upstream-invalid", `the body was cut off: ${reason}`));
    } else if (this.#reused && !this.#heard && exchange.repeatable) this.#owner.retry(exchange);
    else if (this.#connected) exchange.fail(new Refusal("upstream-invalid", `no answer: ${reason}`));
    else exchange.fail(new Refusal("upstream-unreachable", reason));
  }
}
