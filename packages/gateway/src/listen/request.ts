/** A request, and those of its header fields that the gateway itself reads. */
import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

const names = [
  ...(["accept", "access-control-request-method", "connection", "content-length", "expect", "if-none-match"] as const),
  ...(["origin", "proxy-connection", "sec-websocket-key", "sec-websocket-version", "transfer-encoding", "upgrade", "user-agent"] as const),
]; // prettier-ignore

/** Lines of one name are joined (RFC 9110 section 5.3): of those that may be there once, two make no valid value. */
export type Fields = Partial<Record<(typeof names)[number], string>>;

const byLength: (typeof names)[] = [];
for (const name of names) (byLength[name.length] ??= []).push(name);

/** What the line asks of a request, whoever has read it. */
export type Request = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  /** Names and values in turn, as they arrived. */
  readonly rawHeaders: string[];
  readonly headers: Fields;
  readonly socket: Socket;
  /** All of it has come. */
  readonly complete: boolean;
  /** Where its body comes from; `undefined` where it has none for certain. */
  readonly body: IncomingMessage | undefined;
};

/**
 * Node would make an object of all fields, for every request; nobody here asks for more than these. Whatever goes to an
 * upstream is read from `rawHeaders`.
 */
export class NodeRequest extends IncomingMessage implements Request {
  #fields: Fields | undefined;

  // @ts-expect-error -- a property by its declaration; in Node it is an accessor of the prototype as well
  override get headers(): Fields {
    return (this.#fields ??= fieldsOf(this.rawHeaders));
  }

  get body(): IncomingMessage {
    return this;
  }
}

/** @param rawHeaders names and values in turn */
export function fieldsOf(rawHeaders: readonly string[]): Fields {
  const fields: Fields = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const written = rawHeaders[at] ?? "";
    const candidates = byLength[written.length];
    if (candidates === undefined) continue;
    const lower = written.toLowerCase();
    for (const name of candidates) {
      if (name !== lower) continue;
      const value = rawHeaders[at + 1] ?? "";
      const before = fields[name];
      fields[name] = before === undefined ? value : `${before}, ${value}`;
    }
  }
  return fields;
}
