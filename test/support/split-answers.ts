/** What a client received, answer after answer. */
import { readMessage, valuesOf, type Message } from "./message.ts";

export type Answer = Message & {
  readonly status: number;
  readonly text: string;
  readonly header: (name: string) => string | undefined;
};

export type SplitAnswers = {
  readonly answers: readonly Answer[];
  readonly rest: "nothing" | "incomplete" | "broken";
  readonly why: string;
};

/**
 * @param methods of the requests, in order: an answer to HEAD has no body. GET where there are fewer than answers
 * @param closed whether the connection has ended: only then does a body without a length
 */
export function splitAnswers(octets: Buffer, methods: readonly string[], closed: boolean): SplitAnswers {
  const answers: Answer[] = [];
  let finals = 0;
  for (let at = 0; at < octets.length;) {
    const method = methods[finals] ?? "GET";
    const reading = readMessage(octets, at, (startLine) => {
      const status = statusOf(startLine);
      if (method === "HEAD" || status < 200 || status === 204 || status === 304) return "none";
      return "until close";
    });
    if (reading.state !== "whole") return { answers, rest: reading.state, why: reading.why };
    const { message } = reading;
    const status = statusOf(message.startLine);
    if (status === 0) return { answers, rest: "broken", why: `no status line: ${message.startLine}` };
    const framed = [
      ...valuesOf(message.lines, "content-length"),
      ...valuesOf(message.lines, "transfer-encoding"),
    ];
    const bodiless = method === "HEAD" || status < 200 || status === 204 || status === 304;
    if (framed.length === 0 && !bodiless && !closed) {
      return { answers, rest: "incomplete", why: "a body that ends with the connection" };
    }
    answers.push({
      ...message,
      status,
      text: message.body.toString("utf8"),
      header: (name) => valuesOf(message.lines, name)[0],
    });
    if (status >= 200) finals += 1;
    at = message.end;
  }
  return { answers, rest: "nothing", why: "" };
}

function statusOf(startLine: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(startLine)?.[1] ?? 0);
}
