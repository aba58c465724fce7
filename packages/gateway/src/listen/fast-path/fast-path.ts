/**
 * In front of Node's server: ordinary requests, one at a time, are read and answered without Node's parser and its objects, which is
 * less work. A connection on which anything else comes is Node's from there on, with that and all that follows.
 */
import type { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import { Roll } from "../../roll.ts";
import type { Delivery } from "../deliver.ts";
import { readOrdinaryHead } from "./ordinary-head.ts";
import { OrdinaryRequest } from "./ordinary-request.ts";
import { OrdinaryResponse } from "./ordinary-response.ts";

export type FastPath = {
  /** Hands on whoever has said nothing for a second: Node's server has a clock for them. To be called from time to time. */
  readonly handOnSilent: () => void;
};

/** Milliseconds. */
const patience = 1_000;

type Listener = (socket: Socket) => void;

/** @param most octets of a head */
export function takeFastPath(
  server: HttpServer | HttpsServer,
  deliver: Delivery["deliver"],
  most: number,
): FastPath {
  const event = server instanceof HttpsServer ? "secureConnection" : "connection";
  // The server's own is the last of them: whoever looks at a connection first has put themselves before it.
  const onward = server.listeners(event).at(-1) as Listener;
  const silent = new Roll<Connection>();
  const around = { deliver, most, silent, onward: onward.bind(server) };
  server.off(event, onward);
  server.on(event, (socket: Socket) => {
    if (!socket.destroyed) silent.add(new Connection(socket, around));
  });
  return {
    handOnSilent() {
      const before = performance.now() - patience;
      for (const connection of silent) if (connection.since <= before) connection.handOn();
    },
  };
}

type Around = {
  readonly deliver: Delivery["deliver"];
  readonly most: number;
  /** Those who have said nothing yet. */
  readonly silent: Roll<Connection>;
  readonly onward: Listener;
};

class Connection {
  /** Milliseconds of the monotonic clock. */
  readonly since = performance.now();
  readonly #socket: Socket;
  readonly #around: Around;
  #response: OrdinaryResponse | undefined;
  /** What has come behind a request that is not answered yet. */
  #behind: Buffer | undefined;

  constructor(socket: Socket, around: Around) {
    this.#socket = socket;
    this.#around = around;
    socket.on("close", this.#onClose).on("error", destroy).on("end", endToo).on("data", this.#onData);
  }

  /** @param octets what came last, if it is not answered */
  handOn(octets?: Buffer): void {
    const socket = this.#socket;
    socket.off("close", this.#onClose).off("error", destroy).off("end", endToo).off("data", this.#onData);
    this.#around.silent.delete(this);
    this.#around.onward(socket);
    if (octets !== undefined) socket.emit("data", octets);
  }

  readonly #onData = (octets: Buffer): void => {
    if (this.#response !== undefined) this.#keep(octets);
    else this.#read(octets);
  };

  #read(octets: Buffer): void {
    const { deliver, most, silent } = this.#around;
    const head = readOrdinaryHead(octets, most);
    if (head === undefined) {
      this.handOn(octets);
      return;
    }
    silent.delete(this);
    const request = new OrdinaryRequest(head, this.#socket);
    this.#response = new OrdinaryResponse(request, this.#onAnswered);
    deliver(request, this.#response, "request");
  }

  readonly #onAnswered = (): void => {
    if (this.#response?.shouldKeepAlive !== true) {
      this.#socket.destroySoon();
      return;
    }
    this.#response = undefined;
    const behind = this.#behind;
    if (behind === undefined) return;
    this.#behind = undefined;
    this.#socket.resume();
    this.#read(behind);
  };

  #keep(octets: Buffer): void {
    this.#behind = this.#behind === undefined ? octets : Buffer.concat([this.#behind, octets]);
    if (this.#behind.length > this.#around.most) this.#socket.pause();
  }

  readonly #onClose = (): void => {
    this.#around.silent.delete(this);
    this.#response?.close();
  };
}

/** Node destroys a socket by itself when TCP fails, and not when TLS does. */
function destroy(this: Socket): void {
  this.destroy();
}

/** A client that has ended its side is not answered any more, as Node has it. */
function endToo(this: Socket): void {
  this.end();
}
