/** The request's body on its way to the upstream, in the one framing that is ours, as fast as the upstream takes it. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { trailerLines, type TrailerNames } from "./trailers.ts";
import { tookBuffer } from "./young-buffers.ts";

/** What a route asks of bodies and trailers. */
export type BodyLimits = {
  /** Milliseconds in which the client takes some of an answer's rest. */
  readonly idle: number;
  /** Octets of a request's body; Infinity for any. */
  readonly maxBody: number;
  /** Trailers that cross, by name; all others are dropped. */
  readonly trailers: { readonly request: TrailerNames; readonly response: TrailerNames } | undefined;
};

type Events = {
  /** A piece of it has been written, or has left. */
  readonly progress: () => void;
  /** The last octet has been written. */
  readonly sent: () => void;
  /** There is more of it than may be; nothing more is passed on. */
  readonly tooLarge: () => void;
};

/** Octets that may wait for the end of the loop's turn. The more there are, the fewer times a client has to wait for the upstream. */
const mostGathered = 1_048_576;

export class RequestBody {
  readonly #req: IncomingMessage;
  readonly #upstream: Socket;
  readonly #progress: () => void;
  readonly #onData: (piece: Buffer) => void;
  readonly #onEnd: () => void;
  readonly #onDrain: () => void;
  #gathering = false;
  /** Nothing is taken from the client, for now or for ever. */
  #held = false;

  constructor(
    req: IncomingMessage,
    upstream: Socket,
    chunked: boolean,
    { maxBody, trailers }: BodyLimits,
    { progress, sent, tooLarge }: Events,
  ) {
    this.#req = req;
    this.#upstream = upstream;
    this.#progress = progress;
    let left = maxBody;
    this.#onDrain = () => {
      this.#held = false;
      progress();
      req.resume();
    };
    this.#onData = (piece) => {
      left -= piece.length;
      if (left < 0) {
        tooLarge();
        return;
      }
      tookBuffer(piece.length);
      this.#gather();
      if (chunked) writeChunk(upstream, piece);
      else upstream.write(piece);
      if (upstream.writableLength < mostGathered) return;
      this.#send();
      upstream.cork();
    };
    this.#onEnd = () => {
      this.#gather();
      if (chunked) upstream.write(`0\r\n${trailerLines(req.rawTrailers, trailers?.request)}\r\n`, "latin1");
      sent();
    };
    req.on("data", this.#onData).on("end", this.#onEnd);
  }

  /**
   * TLS comes in records of 16 KiB at most, many in one turn of the loop: they leave in one write. Only then is it known whether
   * the upstream keeps up; that records wait for each other says nothing of it.
   */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#progress();
    this.#upstream.cork();
    setImmediate(() => {
      this.#gathering = false;
      this.#send();
    });
  }

  #send(): void {
    const upstream = this.#upstream;
    upstream.uncork();
    if (this.#held || upstream.writableLength < upstream.writableHighWaterMark) return;
    this.#held = true;
    this.#req.pause();
    upstream.once("drain", this.#onDrain);
  }

  /** What is left of the body is of no use to anybody. */
  stop(): void {
    this.#held = true;
    this.#upstream.off("drain", this.#onDrain);
    this.#req.off("data", this.#onData).off("end", this.#onEnd);
    this.#req.resume();
  }
}

function writeChunk(upstream: Socket, piece: Buffer): void {
  upstream.write(`${piece.length.toString(16)}\r\n`, "latin1");
  upstream.write(piece);
  upstream.write("\r\n", "latin1");
}
