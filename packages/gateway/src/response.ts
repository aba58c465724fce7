/** What the line asks of the answer to a request, whoever writes it to the socket: Node's ServerResponse is one, the fast path's another. */
import type { Socket } from "node:net";

export type Response = {
  readonly req: { readonly httpVersion: string; readonly complete: boolean };
  /** `null` as long as an earlier answer has the connection. */
  readonly socket: Socket | null;
  statusCode: number;
  /** Whether the connection may carry another request; said in the head, so that it counts until that is written. */
  shouldKeepAlive: boolean;
  readonly headersSent: boolean;
  /** All of it has been handed to the system. */
  readonly writableFinished: boolean;
  /** Nothing more will be written: it is finished, or the connection is gone. */
  readonly closed: boolean;

  /** The 100 that a client waits for before it sends its body; only where it said so. */
  readonly writeContinue?: () => void;
  /** Leaves the socket to somebody else; only where the client asked for another protocol. */
  readonly detachSocket?: (socket: Socket) => void;
  /** @param headers names and values in turn */
  writeHead(status: number, reason: string, headers: string[]): unknown;
  /** Sends the head though there is nothing of the body yet. */
  flushHeaders(): void;
  /** @returns whether the next piece may come; if not, `drain` tells when */
  write(piece: Buffer, written?: (error?: Error | null) => void): boolean;
  addTrailers(trailers: readonly [name: string, value: string][]): void;
  end(body?: string | Buffer, encoding?: BufferEncoding): unknown;
  /** Closes the connection: whatever was not sent is lost. */
  destroy(): unknown;
  on(event: "close", listener: () => void): unknown;
  once(event: "close" | "drain", listener: () => void): unknown;
};
