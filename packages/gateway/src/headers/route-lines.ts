/** What a route changes of a request's lines and of an answer's. Routes that change nothing pay nothing. */
import { sanitise, type Sanitised } from "./sanitise.ts";

export type RequestChanges = {
  /** Folded names of the client's lines that go: those to be removed, and those that are set. */
  readonly dropped: ReadonlySet<string>;
  /** Lines of the route's own, ready for the wire. */
  readonly lines: string;
  /** The Host that the upstream is told; the client's, unless given. */
  readonly host: string | undefined;
};

export type AnswerChanges = {
  /** Lower-case names of the upstream's lines that go. */
  readonly dropped: ReadonlySet<string>;
  /** Names and values in turn. */
  readonly set: readonly string[];
  /** Answers to pages of these origins may be read by them (CORS). */
  readonly cors: ((origin: string | undefined) => readonly string[]) | undefined;
};

type RequestHead = {
  readonly rawHeaders: readonly string[];
  readonly headers: { readonly connection?: string | undefined };
};

/** @param sanitised the same request's, without the route's changes */
export function routeLines(
  sanitised: Sanitised,
  { rawHeaders, headers }: RequestHead,
  changes: RequestChanges | undefined,
): Sanitised {
  if (changes === undefined) return sanitised;
  const { dropped, lines, host = sanitised.host } = changes;
  const kept = dropped.size > 0 ? sanitise(rawHeaders, headers.connection, dropped) : sanitised;
  return { host, lines: kept.lines + lines };
}

/**
 * @param headers names and values in turn
 * @param origin the request's Origin
 */
export function answerLines(
  headers: string[],
  changes: AnswerChanges | undefined,
  origin: string | undefined,
): string[] {
  if (changes === undefined) return headers;
  const { dropped, set, cors } = changes;
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const lower = name.toLowerCase();
    // Two Access-Control-Allow-Origin lines are none to a browser: where the route answers for it, nobody else does.
    if (dropped.has(lower) || (cors && lower.startsWith("access-control-"))) continue;
    kept.push(name, headers[at + 1] ?? "");
  }
  kept.push(...set, ...(cors?.(origin) ?? []));
  return kept;
}
