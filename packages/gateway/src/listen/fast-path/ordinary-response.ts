/** An answer, written to the socket as Node's ServerResponse would write it, octet by octet, to HTTP/1.1. */
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { Response } from "../../response.ts";
import type { OrdinaryRequest } from "./ordinary-request.ts";
import { httpDate } from "./http-date.ts";

/** A whole line, or a part of one; nothing that would end it, and nothing that is more than an octet. */
const safe = /^[\t\x20-\x7e\x80-\xff]*$/;

export class OrdinaryResponse extends EventEmitter implements Response {
  readonly req: OrdinaryRequest;
  readonly socket: Socket;
  statusCode = 200;
  shouldKeepAlive: boolean;
  headersSent = false;
  writableFinished = false;
  closed = false;
  readonly #answered: () => void;
  /** Made, and not yet written: it leaves with what comes first. */
  #head = "";
  #hasBody = true;
  #chunked = false;
  #trailers = "";
  #gathering = false;
  #stalled = false;

  /** @param answered called when all of it has been handed to the system */
  constructor(req: OrdinaryRequest, answered: () => void) {
    super();
    this.req = req;
    this.socket = req.socket;
    this.shouldKeepAlive = req.persistent;
    this.#answered = answered;
  }

  /** @throws Error where something would not be one line: nothing of it is written then */
  writeHead(status: number, reason: string, headers: readonly string[]): void {
    let dated = false;
    let measured = false;
    let lines = "";
    for (let at = 0; at < headers.length; at += 2) {
      const name = headers[at] ?? "";
      const line = `${name}: ${headers[at + 1] ?? ""}`;
      if (!safe.test(line)) throw new Error(`the answer's line ${JSON.stringify(line)} is none`);
      if (name.length === 4) dated ||= name.toLowerCase() === "date";
      else if (name.length === 14) measured ||= name.toLowerCase() === "content-length";
      lines += `${line}\r\n`;
    }
    if (!safe.test(reason)) throw new Error(`the reason ${JSON.stringify(reason)} is no line`);
    this.#hasBody = this.req.method !== "HEAD" && status !== 204 && status !== 304;
    this.#chunked = this.#hasBody && !measured;
    this.#head =
      `HTTP/1.1 ${status} ${reason}\r\n${lines}` +
      (dated ? "" : `Date: ${httpDate()}\r\n`) +
      (this.shouldKeepAlive ? "Connection: keep-alive\r\n" : "Connection: close\r\n") +
      (this.#chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
    this.statusCode = status;
    this.headersSent = true;
  }

  flushHeaders(): void {
    if (this.#head !== "") this.socket.write(this.#head, "latin1");
    this.#head = "";
  }

  write(piece: Buffer, written?: (error?: Error | null) => void): boolean {
    const { socket } = this;
    this.#gather();
    this.flushHeaders();
    let flowing: boolean;
    if (this.#chunked) {
      socket.write(`${piece.length.toString(16)}\r\n`, "latin1");
      socket.write(piece, written);
      flowing = socket.write("\r\n", "latin1");
    } else flowing = socket.write(piece, written);
    if (!flowing) this.#tellWhenDrained();
    return flowing;
  }

  /** Only where the body is in chunks does anybody read them. */
  addTrailers(trailers: readonly [name: string, value: string][]): void {
    for (const [name, value] of trailers) this.#trailers += `${name}: ${value}\r\n`;
  }

  end(body: string | Buffer = "", encoding: BufferEncoding = "utf8"): void {
    let rest = "";
    if (this.#hasBody && body.length > 0) {
      if (typeof body !== "string") this.write(body);
      else if (this.#chunked) this.write(Buffer.from(body, encoding));
      else rest = encoding === "latin1" ? body : Buffer.from(body, encoding).toString("latin1");
    }
    if (this.#chunked) rest = `0\r\n${this.#trailers}\r\n`;
    this.socket.write(this.#head + rest, "latin1", (error) => {
      if (!error) this.#finish();
    });
    this.#head = "";
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Nothing more will be written. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.emit("close");
  }

  #finish(): void {
    if (this.closed) return;
    this.writableFinished = true;
    this.close();
    this.#answered();
  }

  /** What is written in one turn of the loop leaves in one write. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.socket.cork();
    process.nextTick(() => {
      this.#gathering = false;
      this.socket.uncork();
    });
  }

  #tellWhenDrained(): void {
    if (this.#stalled) return;
    this.#stalled = true;
    this.socket.once("drain", () => {
      this.#stalled = false;
      this.emit("drain");
    });
  }
}
