/** Every answer that is not what was asked for: one line of text, a page, or problem details (RFC 9457), by Accept. */
import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, Request, Response } from "express";
import type { Logger } from "pino";
import { StoreUnavailable } from "../store/index.ts";
import { renderPage } from "./page.ts";

type Problem = { readonly status: number; readonly headline: string; readonly detail: string };

function answer(request: Request, response: Response, { status, headline, detail }: Problem): void {
  const title = STATUS_CODES[status] ?? "Error";
  const text = (): void => {
    response.type("text/plain").send(`${headline} ${detail}\n`);
  };
  const json = (): void => {
    response
      .type("application/problem+json")
      .send(JSON.stringify({ title, status, detail: `${headline} ${detail}` }));
  };
  response.status(status).format({
    "text/plain": text,
    "text/html": () =>
      response.send(renderPage(request, "/views/problem", { status, title, headline, detail })),
    "application/problem+json": json,
    "application/json": json,
    default: text,
  });
}

export function answerNotFound(request: Request, response: Response): void {
  answer(request, response, {
    status: 404,
    headline: "There is no page at this address.",
    detail: "It may have been mistyped.",
  });
}

const troubles = {
  busy: "The store is busy.",
  full: "There is no room left to write.",
  away: "The store cannot be reached.",
} as const;

/** The log is told everything, the client nothing but whose turn it is. */
export function answerError(log: Pick<Logger, "error">): ErrorRequestHandler {
  // Express knows an error handler by its fourth parameter.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (error: unknown, request, response, _next) => {
    log.error({ err: error, method: request.method, path: request.path }, "request failed");
    if (response.headersSent) {
      // Cut, so that nobody takes what was sent for the whole. (A session that could not be kept is told of after the end.)
      if (!response.writableEnded) response.destroy();
      return;
    }
    if (error instanceof StoreUnavailable) {
      response.set("Retry-After", "10");
      answer(request, response, {
        status: 503,
        headline: troubles[error.trouble],
        detail: "Nothing was changed, and nothing is lost. Try again in a moment.",
      });
      return;
    }
    answer(request, response, {
      status: 500,
      headline: "Something went wrong here.",
      detail: "It is in the log, for the people who run this service.",
    });
  };
}
