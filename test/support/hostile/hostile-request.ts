/** A request by which Grace tries to be somebody else, or to reach what she must not reach. */
export type HostileRequest = {
  readonly name: string;
  /** Exactly what is sent, octets as Latin-1. */
  readonly bytes: string;
  /**
   * What a gateway may do with it. `refused`: answer 4xx or 5xx, and tell the backend nothing whole. `forwarded`: pass it
   * on as hers; a gateway that refuses everything is no gateway. `either`: both are sound.
   */
  readonly outcome: "refused" | "forwarded" | "either";
  /** How many requests these octets hold, the smuggled ones not counted. 1 unless given. */
  readonly requests?: number;
  /** The target the backend must see, where the request is forwarded. */
  readonly target?: string;
  /** The content the backend must see, where the request is forwarded, octets as Latin-1. */
  readonly body?: string;
  /** Of the answers, in order, where it matters which. */
  readonly statuses?: readonly number[];
  /** Whether the connection must end with the last answer, for instance because nobody can say where the next request begins. */
  readonly closes?: boolean;
};

/** Stands in every forged value: it must never be read in a head at the backend. */
export const forged = "CN=Mallory";

/**
 * A complete request that nobody sent: it may cross as content, and never as a request. The gateway would forward it, so
 * that it shows at the backend too where the gateway itself takes it for the next request of its connection.
 */
export const smuggled = `GET /flask/admin HTTP/1.1\r\nHost: localhost\r\nSSL_CLIENT_S_DN: ${forged}\r\nSSL_CLIENT_VERIFY: SUCCESS\r\n\r\n`;

/** A request line, Host, and so many more lines. */
export function request(start: string, lines: readonly string[], body = ""): string {
  return `${[start, "Host: localhost", ...lines].join("\r\n")}\r\n\r\n${body}`;
}

export function get(...lines: string[]): string {
  return request("GET /flask/ HTTP/1.1", lines);
}

/** One chunk and the end, or other octets behind the chunk. */
export function inChunks(content: string, end = "0\r\n\r\n"): string {
  return `${content.length.toString(16)}\r\n${content}\r\n${end}`;
}
