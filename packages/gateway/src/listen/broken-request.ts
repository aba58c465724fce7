/** What a client sent is no request: why, in the words of Node's parser, and an answer written without one. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { OwnAnswer } from "../pages/own-answer.ts";
import { Refusal } from "../refuse/refusal.ts";

/** @returns `undefined` when the connection itself failed: there is nobody left to answer */
export function brokenRequest(error: NodeJS.ErrnoException): Refusal | undefined {
  const code = error.code ?? "";
  if (code === "HPE_HEADER_OVERFLOW") return new Refusal("head-too-large", "it has more than 16 KiB");
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new Refusal("request-timeout", code);
  if (code.startsWith("HPE_")) return new Refusal("request-malformed", `the parser says ${code}`);
  return undefined;
}

/** Writes a whole answer to a bare socket and ends it. */
export function writeAnswer(socket: Socket, { status, headers, body }: OwnAnswer): void {
  const lines = headers.map((part, at) => part + (at % 2 === 0 ? ": " : "\r\n")).join("");
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines}Content-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
