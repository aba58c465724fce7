/** Interim answers (RFC 9110 section 15.2) on their way to the client: 103 Early Hints above all. */
import type { Response } from "../response.ts";
import type { ResponseHead } from "./response-head.ts";

/**
 * A hint is worth something now or not at all: where the client's turn has not come, because it waits for an earlier
 * answer on the same connection, it is dropped, and so it is for HTTP/1.0, which knows none.
 */
export function writeInterim(
  res: Response,
  { status, reason, headers }: ResponseHead,
  rewrite: (headers: string[]) => string[],
): void {
  const { socket, req } = res;
  if (socket === null || res.headersSent || req.httpVersion !== "1.1") return;
  const lines = rewrite(headers)
    .map((part, at) => part + (at % 2 === 0 ? ": " : "\r\n"))
    .join("");
  socket.write(`HTTP/1.1 ${status} ${reason}\r\n${lines}\r\n`, "latin1");
}
