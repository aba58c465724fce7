/** Which pages of other origins may use a route (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol). */
import type { IncomingHttpHeaders } from "node:http";
import type { OwnAnswer } from "../pages/own-answer.ts";

export type Cors = {
  /** As browsers send them: `https://app.example`. */
  readonly origins: ReadonlySet<string>;
  readonly methods: readonly string[];
  /** Names of request headers beyond those that every page may send. */
  readonly headers: readonly string[];
  /** Names of answer headers beyond those that every page may read. */
  readonly expose: readonly string[];
  /** Seconds for which a browser may remember what a preflight was told. */
  readonly maxAge: number;
};

/**
 * Whether a browser asks what it may ask. It presents no certificate with that question, and says nothing else: it is
 * answered before anybody is let in, and nothing of it goes to the upstream.
 */
export function isPreflight(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  return (
    method === "OPTIONS" &&
    headers.origin !== undefined &&
    headers["access-control-request-method"] !== undefined
  );
}

/** An origin that may not is told nothing: its browser takes that for a no. */
export function preflightAnswer(cors: Cors, origin: string | undefined): OwnAnswer {
  const { origins, methods, headers, maxAge } = cors;
  const allowed = origin !== undefined && origins.has(origin);
  const lines = allowed
    ? [
        ...corsLines(cors, origin),
        ...["Access-Control-Allow-Methods", methods.join(", ")],
        ...(headers.length > 0 ? ["Access-Control-Allow-Headers", headers.join(", ")] : []),
        ...["Access-Control-Max-Age", String(maxAge)],
      ]
    : ["Vary", "Origin"];
  return { status: 204, headers: ["Cache-Control", "no-store", ...lines], body: "" };
}

/**
 * The lines with which an answer may be read by a page of that origin. A client certificate is a credential: without
 * Allow-Credentials a browser would present none.
 */
export function corsLines({ origins, expose }: Cors, origin: string | undefined): readonly string[] {
  if (origin === undefined || !origins.has(origin)) return ["Vary", "Origin"];
  return [
    ...["Vary", "Origin"],
    ...["Access-Control-Allow-Origin", origin],
    ...["Access-Control-Allow-Credentials", "true"],
    ...(expose.length > 0 ? ["Access-Control-Expose-Headers", expose.join(", ")] : []),
  ];
}
