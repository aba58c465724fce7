/** One request on its way to an upstream and its answer on the way back: the half that faces the client. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pipeline, type Duplex, type Writable } from "node:stream";
import { Refusal } from "../refuse/refusal.ts";
import type { ResponseHead } from "./response-head.ts";

export type Outbound = {
  readonly method: string;
  /** The whole head, validated and written anew by the headers room. */
  readonly head: string;
  readonly body: "none" | "length" | "chunked";
  /** Maps the answer's header lines back to the client's side of the prefix. */
  readonly rewrite: (headers: string[]) => string[];
  /** What the answer's body goes through on its way, one after the other; told the answer's head, and what of it is sent. */
  readonly stages: ((head: ResponseHead, headers: string[]) => readonly Duplex[]) | undefined;
  /** Called once when there is no answer to pass on and nothing has been sent yet. */
  readonly refuse: (refusal: Refusal) => void;
  /** Called when an answer broke off after its head: the client sees a cut connection, the log sees why. */
  readonly broken: (refusal: Refusal) => void;
  /** Given for a WebSocket: called with the upstream's 101 and its socket. Any other answer goes the ordinary way. */
  readonly switched: ((head: ResponseHead, upstream: Socket, rest: Buffer) => void) | undefined;
};

/** What an exchange needs of the connection that carries it. */
export type Carrier = {
  /** Takes the exchange on; the request is written to the returned socket. */
  readonly carry: (exchange: Exchange) => Socket;
  readonly resume: () => void;
  /** Ends the connection: the exchange on it learns nothing more. */
  readonly abandon: () => void;
};

/** May be sent again after a connection turned out to be dead: doing it twice is doing it once (RFC 9110 section 9.2.2). */
const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);

/** Octets up to which copying is cheaper than another piece to write. */
const smallBody = 4096;

export class Exchange {
  readonly method: string;
  readonly repeatable: boolean;
  readonly upgradable: boolean;
  /** The whole request has been written. */
  sent = false;
  abandoned = false;
  /** Octets of the answer's body that were passed to the client. */
  received = 0;
  readonly #outbound: Outbound;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  #connection: Carrier | undefined;
  #stalled = false;
  /** Where the answer's body goes: to the client, or through what rewrites it first. */
  #sink: Writable;

  constructor(outbound: Outbound, req: IncomingMessage, res: ServerResponse) {
    this.#outbound = outbound;
    this.#req = req;
    this.#res = res;
    this.#sink = res;
    this.method = outbound.method;
    this.repeatable =
      outbound.body === "none" && outbound.switched === undefined && idempotent.has(outbound.method);
    this.upgradable = outbound.switched !== undefined;
  }

  start(connection: Carrier): void {
    this.#connection = connection;
    const upstream = connection.carry(this);
    upstream.write(this.#outbound.head, "latin1");
    if (this.#outbound.body === "none") this.sent = true;
    else this.#sendBody(upstream, this.#outbound.body === "chunked");
  }

  /** The client has left: the upstream need not go on. */
  abandon(): void {
    this.abandoned = true;
    this.#connection?.abandon();
    this.#connection = undefined;
  }

  answer(head: ResponseHead, body: Buffer | undefined, whole: boolean): void {
    const res = this.#res;
    const headers = this.#outbound.rewrite(head.headers);
    this.#goThrough(this.#outbound.stages?.(head, headers) ?? []);
    res.writeHead(head.status, head.reason, headers);
    if (!whole) return;
    this.received = body?.length ?? 0;
    // A small body as a string is joined to the head: one write to the socket instead of three. Latin-1 maps each octet to itself.
    if (body === undefined || this.received === 0) this.#sink.end();
    else if (this.received <= smallBody) this.#sink.end(body.toString("latin1"), "latin1");
    else this.#sink.end(body);
    this.#settle();
  }

  /** @returns whether the client keeps up; if not, the connection is resumed when it does */
  pass(piece: Buffer): boolean {
    this.received += piece.length;
    const flowing = this.#sink.write(piece);
    if (!flowing && !this.#stalled) {
      const connection = this.#connection;
      this.#stalled = true;
      this.#sink.once("drain", () => {
        this.#stalled = false;
        connection?.resume();
      });
    }
    return flowing;
  }

  end(): void {
    this.#sink.end();
    this.#settle();
  }

  fail(refusal: Refusal): void {
    this.#settle();
    if (this.abandoned) return;
    if (!this.#res.headersSent) {
      this.#outbound.refuse(refusal);
      return;
    }
    // A clean end would pass a cut answer off as a whole one: the client must see the cut.
    this.#outbound.broken(refusal);
    this.#sink = this.#res;
    this.#res.destroy();
  }

  #goThrough(stages: readonly Duplex[]): void {
    const [first] = stages;
    if (first === undefined) return;
    this.#sink = first;
    const spoilt = (error: Error) => {
      if (this.abandoned || this.#sink !== first) return;
      this.#connection?.abandon();
      this.fail(new Refusal("upstream-invalid", `the body cannot be read: ${error.message}`));
    };
    for (const stage of stages) stage.on("error", spoilt);
    pipeline([...stages, this.#res], () => undefined);
  }

  switchProtocols(head: ResponseHead, upstream: Socket, rest: Buffer): void {
    this.#settle();
    this.#outbound.switched?.(head, upstream, rest);
  }

  #settle(): void {
    this.#connection = undefined;
    if (!this.sent) this.#stopBody?.();
  }

  #stopBody: (() => void) | undefined;

  #sendBody(upstream: Socket, chunked: boolean): void {
    const req = this.#req;
    const onDrain = () => req.resume();
    const onData = (piece: Buffer) => {
      let flowing: boolean;
      if (chunked) {
        upstream.cork();
        upstream.write(`${piece.length.toString(16)}\r\n`, "latin1");
        upstream.write(piece);
        flowing = upstream.write("\r\n", "latin1");
        upstream.uncork();
      } else flowing = upstream.write(piece);
      if (!flowing) {
        req.pause();
        upstream.once("drain", onDrain);
      }
    };
    const onEnd = () => {
      if (chunked) upstream.write("0\r\n\r\n", "latin1");
      this.sent = true;
    };
    this.#stopBody = () => {
      upstream.off("drain", onDrain);
      req.off("data", onData).off("end", onEnd);
      req.resume(); // what is left of the body is of no use to anybody
    };
    req.on("data", onData).on("end", onEnd);
  }
}
