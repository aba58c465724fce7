/** One request on its way to an upstream and its answer on the way back: the half that faces the client. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { pipeline, type Duplex, type Writable } from "node:stream";
import { Refusal } from "../refuse/refusal.ts";
import type { Response } from "../response.ts";
import { writableTo } from "./answer-stream.ts";
import type { Carried } from "./carried.ts";
import { writeInterim } from "./interim.ts";
import { RequestBody, type BodyLimits } from "./request-body.ts";
import type { ResponseHead } from "./response-head.ts";
import { trailerPairs } from "./trailers.ts";
import type { Tunnelled } from "./tunnel.ts";
import { endWith } from "./whole-answer.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";

export type Outbound = {
  readonly method: string;
  /** The whole head, validated and written anew by the headers room. */
  readonly head: string;
  readonly body: "none" | "length" | "chunked";
  /** What the route asks of bodies and trailers. */
  readonly limits: BodyLimits;
  /** The verified certificate of the client, by which it may be kept with one target. */
  readonly certificate: { readonly sha256: string } | undefined;
  /** Maps the answer's header lines back to the client's side of the prefix. */
  readonly rewrite: (headers: string[]) => string[];
  /** What the answer's body goes through on its way, one after the other; told the answer's head, and what of it is sent. */
  readonly stages: ((head: ResponseHead, headers: string[]) => readonly Duplex[]) | undefined;
  /** The key of the handshake, where the client asks for a WebSocket. */
  readonly webSocket: string | undefined;
};

/** What comes of an exchange, other than an answer. */
export type Outcome = {
  /** Called once when there is no answer to pass on and nothing has been sent yet. */
  refuse(refusal: Refusal): void;
  /** Called when an answer broke off after its head: the client sees a cut connection, the log sees why. */
  broken(refusal: Refusal): void;
  /** The upstream's 101 to a WebSocket's handshake, and its socket. Any other answer goes the ordinary way. */
  switched(head: ResponseHead, key: string, upstream: Tunnelled, rest: Buffer): void;
};

/** May be sent again after a connection turned out to be dead: doing it twice is doing it once (RFC 9110 section 9.2.2). */
const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);

/** Octets up to which copying is cheaper than another piece to write. */
const smallBody = 4096;

export class Exchange implements Carried {
  readonly method: string;
  readonly repeatable: boolean;
  readonly upgradable: boolean;
  readonly trailers: boolean;
  sent = false;
  /** Who has it, where there was a choice. */
  target: string | undefined;
  /** Octets of the answer's body that were passed to the client. */
  received = 0;
  readonly #outbound: Outbound;
  readonly #outcome: Outcome;
  readonly #content: IncomingMessage | undefined;
  readonly #res: Response;
  #abandoned = false;
  #connection: UpstreamConnection<Exchange> | undefined;
  #socket: Socket | undefined;
  #body: RequestBody | undefined;
  #withdraw: (() => void) | undefined;
  #stalled = false;
  /** Where the answer's body goes: to the client, or through what rewrites it first. */
  #sink: Response | Writable;

  constructor(outbound: Outbound, outcome: Outcome, content: IncomingMessage | undefined, res: Response) {
    this.#outbound = outbound;
    this.#outcome = outcome;
    this.#content = content;
    this.#res = res;
    this.#sink = res;
    this.method = outbound.method;
    this.repeatable =
      outbound.body === "none" && outbound.webSocket === undefined && idempotent.has(outbound.method);
    this.upgradable = outbound.webSocket !== undefined;
    this.trailers = outbound.limits.trailers !== undefined;
  }

  get certificate(): Outbound["certificate"] {
    return this.#outbound.certificate;
  }

  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** May be called again when the connection could not be had. */
  start(connection: UpstreamConnection<Exchange>): void {
    this.#withdraw = undefined;
    this.#connection = connection;
    this.#socket = connection.carry(this);
    this.#socket.write(this.#outbound.head, "latin1");
    if (this.#outbound.body === "none") this.sent = true;
    else if (connection.open) this.opened();
  }

  /** It stands in a queue. @param withdraw takes it out */
  wait(withdraw: () => void): void {
    this.#withdraw = withdraw;
  }

  /** The body is not touched before somebody is there to take it: until then the request can go elsewhere whole. */
  opened(): void {
    const { body, limits } = this.#outbound;
    const connection = this.#connection;
    if (body === "none" || this.#content === undefined || this.#socket === undefined) return;
    this.#body = new RequestBody(this.#content, this.#socket, body === "chunked", limits, {
      progress: () => connection?.progress(),
      sent: () => (this.sent = true),
      tooLarge: () => {
        this.#connection?.abandon();
        this.fail(new Refusal("content-too-large", `more than ${limits.maxBody} octets`));
      },
    });
  }

  /** The client has left: the upstream need not go on. */
  abandon(): void {
    this.#abandoned = true;
    this.#withdraw?.();
    this.#connection?.abandon();
    this.#connection = undefined;
  }

  interim(head: ResponseHead): void {
    writeInterim(this.#res, head, this.#outbound.rewrite);
  }

  answer(head: ResponseHead, body: Buffer | undefined, whole: boolean): void {
    const res = this.#res;
    const headers = this.#outbound.rewrite(head.headers);
    this.#goThrough(this.#outbound.stages?.(head, headers) ?? []);
    res.writeHead(head.status, head.reason, headers);
    if (!whole) return;
    this.received = body?.length ?? 0;
    if (body === undefined || this.received === 0) this.#sink.end();
    else if (this.received <= smallBody && this.#sink === res) endWith(res, body.toString("latin1"));
    else {
      this.#sink.end(Buffer.from(body));
      this.#awaitRest();
    }
    this.#settle();
  }

  flush(): void {
    this.#res.flushHeaders();
  }

  pass(piece: Buffer, release?: () => void): boolean {
    this.received += piece.length;
    const flowing =
      release === undefined || this.#sink !== this.#res
        ? this.#sink.write(piece)
        : this.#sink.write(piece, (error) => {
            if (!error) release();
          });
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

  end(trailers: readonly string[]): void {
    const names = this.#outbound.limits.trailers?.response;
    if (names && trailers.length > 0) this.#res.addTrailers(trailerPairs(trailers, names));
    this.#sink.end();
    this.#awaitRest();
    this.#settle();
  }

  /** The upstream has done its part, and its clock stops; a client that takes nothing of what is left would be here for ever. */
  #awaitRest(): void {
    const res = this.#res;
    const { socket } = res;
    if (socket === null || res.writableFinished) return;
    const cut = () => {
      this.#outcome.broken(new Refusal("request-timeout", "the client took nothing more of the answer"));
      res.destroy();
    };
    socket.setTimeout(this.#outbound.limits.idle, cut);
    res.once("close", () => {
      socket.setTimeout(0).off("timeout", cut);
    });
  }

  fail(refusal: Refusal): void {
    this.#settle();
    if (this.#abandoned) return;
    if (!this.#res.headersSent) {
      this.#outcome.refuse(refusal);
      return;
    }
    // A clean end would pass a cut answer off as a whole one: the client must see the cut.
    this.#outcome.broken(refusal);
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
    pipeline([...stages, writableTo(this.#res)], () => undefined);
  }

  switchProtocols(head: ResponseHead, upstream: Tunnelled, rest: Buffer): void {
    this.#settle();
    const { webSocket: key = "", rewrite } = this.#outbound;
    this.#outcome.switched({ ...head, headers: rewrite(head.headers) }, key, upstream, rest);
  }

  #settle(): void {
    this.#withdraw = undefined;
    this.#connection = undefined;
    this.#socket = undefined;
    if (!this.sent) this.#body?.stop();
  }
}
