/** What is known of connections, each for as long as it is open. */
import type { Socket } from "node:net";

/**
 * A WeakMap by socket in all but this: there, what knows its own key lives until V8 looks through everything, and so long Node
 * holds on to a TLS socket that is closed. A note stands on the socket itself and is struck out when that closes.
 */
export class Notes<Note> {
  readonly #mark: symbol;
  /** One for all sockets: it is called on the one that closes. */
  readonly #strikeOut: (this: Socket) => void;

  /** @param about what is noted, for whoever looks at a socket */
  constructor(about: string) {
    const mark = Symbol(about);
    this.#mark = mark;
    this.#strikeOut = function () {
      (this as Marked<Note>)[mark] = undefined;
    };
  }

  /** @returns `undefined` of a connection that nothing was noted of, or that is closed */
  of(socket: Socket): Note | undefined {
    return (socket as Marked<Note>)[this.#mark];
  }

  /** Replaces what was noted before. Of a connection that is closed, nothing is noted. */
  set(socket: Socket, note: Note): void {
    if (socket.closed) return;
    if (this.of(socket) === undefined) socket.on("close", this.#strikeOut);
    (socket as Marked<Note>)[this.#mark] = note;
  }
}

type Marked<Note> = Socket & Record<symbol, Note | undefined>;
