/** A connection's octets as a strict backend takes them: request after request, so that a smuggled one shows as such. */
import { readMessage, type Message } from "./message.ts";

export type RecordedRequest = Message & { readonly method: string; readonly target: string };

export type SplitRequests = {
  readonly requests: readonly RecordedRequest[];
  /** What is left behind the last whole request: nothing, the beginning of one, or octets that can be none. */
  readonly rest: "nothing" | "incomplete" | "broken";
  readonly why: string;
};

export function splitRequests(octets: Buffer): SplitRequests {
  const requests: RecordedRequest[] = [];
  for (let at = 0; at < octets.length;) {
    const reading = readMessage(octets, at, () => "as framed");
    if (reading.state !== "whole") return { requests, rest: reading.state, why: reading.why };
    const { message } = reading;
    const [, method, target] = /^([A-Z-]+) (\S+) HTTP\/1\.1$/.exec(message.startLine) ?? [];
    if (method === undefined || target === undefined) {
      return { requests, rest: "broken", why: `no request line: ${JSON.stringify(message.startLine)}` };
    }
    requests.push({ ...message, method, target });
    at = message.end;
  }
  return { requests, rest: "nothing", why: "" };
}
