/** What a connection to an upstream needs of whatever it carries: an exchange, or a health check. */
import type { Refusal } from "../refuse/refusal.ts";
import type { ResponseHead } from "./response-head.ts";
import type { Tunnelled } from "./tunnel.ts";

/** What a connection carries: a request, and whoever waits for its answer. */
export type Carried = {
  readonly method: string;
  /** The whole request has been written. */
  readonly sent: boolean;
  /** Doing it twice is doing it once, and nothing of it would be missing the second time. */
  readonly repeatable: boolean;
  readonly upgradable: boolean;
  /** Whether trailers are of interest. */
  readonly trailers: boolean;
  /** The connection is up, and the target is who it should be. */
  readonly opened: () => void;
  readonly interim: (head: ResponseHead) => void;
  /** @param body all of it if `whole`: then nothing else follows; good for the moment alone */
  readonly answer: (head: ResponseHead, body: Buffer | undefined, whole: boolean) => void;
  /** The body has begun, and nobody knows when its first octets come. */
  readonly flush: () => void;
  /**
   * @param piece the callee's
   * @param release to be called, if it is given, when nobody needs the piece any more
   * @returns whether the next piece may come at once; if not, the connection is to be resumed
   */
  readonly pass: (piece: Buffer, release?: () => void) => boolean;
  /** @param trailers lines without their CRLF, as they came */
  readonly end: (trailers: readonly string[]) => void;
  readonly fail: (refusal: Refusal) => void;
  readonly switchProtocols: (head: ResponseHead, upstream: Tunnelled, rest: Buffer) => void;
};
