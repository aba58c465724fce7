/** Every answer that is not what was asked for: one line of text, a page, or problem details (RFC 9457), by Accept. */
import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, Request, Response } from "express";
import type { Logger } from "pino";
import { Refused } from "../refused.ts";
import { StoreUnavailable } from "../store/index.ts";
import { newIncident } from "./incident.ts";
import { renderPage } from "./page.ts";

type Problem = {
  readonly status: number;
  readonly code?: string;
  readonly headline: string;
  readonly detail: string;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  /** Under which the log tells more; for what is our own fault. */
  readonly incident?: string;
};

function answer(request: Request, response: Response, problem: Problem): void {
  const { status, code, headline, detail, retryAfter, incident } = problem;
  if (retryAfter !== undefined) response.set("Retry-After", String(retryAfter));
  const title = STATUS_CODES[status] ?? "Error";
  const text = (): void => {
    response
      .type("text/plain")
      .send(`${headline} ${detail}${incident === undefined ? "" : ` (incident ${incident})`}\n`);
  };
  const json = (): void => {
    response
      .type("application/problem+json")
      .send(JSON.stringify({ title, status, code, detail: `${headline} ${detail}`, incident }));
  };
  response.status(status).format({
    "text/plain": text,
    "text/html": () =>
      response.send(renderPage(request, "/views/problem", { status, title, headline, detail, incident })),
    "application/problem+json": json,
    "application/json": json,
    default: text,
  });
}

/** 404 for whatever no feature has answered. */
export function answerNotFound(request: Request, response: Response): void {
  answer(request, response, {
    status: 404,
    headline: "Hmmmm - I can't find that...",
    detail: "There is no page at this address. It may have been mistyped.",
  });
}

/**
 * Answers what a feature has thrown: a refusal in its own words, 503 while the store cannot be used, Express's own word
 * about a body that cannot be read, and 500 for a bug. Of those, the log is told everything and the client nothing but
 * whose turn it is.
 */
export function answerError(log: Pick<Logger, "warn" | "error">): ErrorRequestHandler {
  // Express knows an error handler by its fourth parameter.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (error: unknown, request, response, _next) => {
    const problem = problemOf(error);
    const told = { method: request.method, path: request.path };
    const incident = problem.status < 500 ? {} : { incident: newIncident() };
    if (error instanceof Refused) log.warn({ code: error.code, ...told }, error.headline);
    else if (problem.status < 500) log.warn(told, problem.headline);
    else log.error({ err: error, ...incident, ...told }, "request failed");
    if (response.headersSent) {
      // Cut, so that nobody takes what was sent for the whole. (That a session could not be kept is told after the end.)
      if (!response.writableEnded) response.destroy();
      return;
    }
    answer(request, response, { ...problem, ...incident });
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof Refused) {
    const { status, code, headline, detail, retryAfter } = error;
    return { status, code, headline, detail, retryAfter };
  }
  if (error instanceof StoreUnavailable) {
    return {
      status: 503,
      headline: troubles[error.trouble],
      detail: "What was saved before is not lost. Try again in a moment.",
      retryAfter: 10,
    };
  }
  if (isAboutTheBody(error)) {
    return {
      status: error.status,
      headline: error.status === 413 ? "That is too long." : "This request cannot be read.",
      detail: "Nothing was changed. Go back, and send it again in another way.",
    };
  }
  return {
    status: 500,
    headline: "Something went horribly wrong!",
    detail: "The administrator has been notified. Sorry about that!",
  };
}

const troubles = {
  busy: "The store is busy.",
  full: "The store has no room left.",
  away: "The store cannot be reached.",
} as const;

/** What Express's body parsers throw (of the package http-errors): 400, 413, 415. */
function isAboutTheBody(error: unknown): error is { readonly status: number } {
  if (!(error instanceof Error) || !("status" in error && "expose" in error)) return false;
  return error.expose === true && typeof error.status === "number" && error.status < 500;
}
