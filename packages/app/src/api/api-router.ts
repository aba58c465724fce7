/** Serves operations: who asks, what kind of body, does it keep to the schema; then the answer, or a problem. */
import express, {
  Router,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from "express";
import type { Logger } from "pino";
import { TokenError } from "../auth/token/token-error.ts";
import { StoreUnavailable } from "../store/index.ts";
import { newIncident } from "../views/incident.ts";
import { ApiProblem, problemBody } from "./api-problem.ts";
import { base } from "./openapi.ts";
import type { Access, Caller, Operation } from "./operation.ts";
import { inWords, validator } from "./validator.ts";

export type ApiRouterOptions = {
  readonly operations: readonly Operation[];
  /** Finds out who asks. @throws ApiProblem | TokenError */
  readonly callerOf: (request: Request, access: Access) => Promise<Caller | undefined>;
  /** Asked when the request has been found sound. They refuse with an error of status 429. */
  readonly limits: Readonly<Record<NonNullable<Operation["limit"]>, readonly RequestHandler[]>>;
  /** Addresses where pages live too: a request that carries no JSON is theirs. */
  readonly sharedWithPages: readonly string[];
  readonly log: Pick<Logger, "error">;
};

const largest = 64 * 1024;

const readJson = express.json({
  limit: largest,
  type: () => true, // asked before
  inflate: false, // nobody needs it for so little, and what it grows to is known too late
});

export function apiRouter({ operations, callerOf, limits, sharedWithPages, log }: ApiRouterOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const places = operations.flatMap((each) =>
    [base + each.path, ...each.aliases].map((address) => ({ address, each })),
  );
  for (const address of new Set(places.map((place) => place.address))) {
    const isShared = sharedWithPages.includes(address);
    if (isShared) {
      router.all(address, (request, _response, next) => {
        next(request.is("application/json") ? undefined : "router");
      });
    }
    const route = router.route(address);
    const allowed: string[] = [];
    for (const { each } of places.filter((place) => place.address === address)) {
      route[each.method](answerBy(each, callerOf, each.limit ? limits[each.limit] : []));
      allowed.push(each.method.toUpperCase(), ...(each.method === "get" ? ["HEAD"] : []));
    }
    route.all((_request, response) => {
      response.set("Allow", allowed.join(", "));
      throw new ApiProblem("method-not-allowed", `Only ${allowed.join(", ")} can be asked of this address.`);
    });
  }
  router.all(/^\/api(?:\/|$)/, () => {
    throw new ApiProblem("not-found", "Not found");
  });
  router.use(answerProblem(log));
  return router;
}

function answerBy(
  operation: Operation,
  callerOf: ApiRouterOptions["callerOf"],
  limits: readonly RequestHandler[],
): RequestHandler {
  const { access, query, body, tersely = false, answer } = operation;
  const [queryFaults, bodyFaults] = [query && validator(query), body && validator(body)];
  return async (request, response) => {
    const caller = await callerOf(request, access);
    if (body) {
      // `false` is another type; `null` is no body, which is a fault like another.
      if (request.is("application/json") === false) {
        throw new ApiProblem("content-type-unsupported", "Send a body with Content-Type: application/json.");
      }
      await passThrough(readJson, request, response);
    }
    const faults = [...(queryFaults?.(request.query) ?? []), ...(bodyFaults?.(request.body ?? {}) ?? [])];
    if (faults.length > 0) {
      const words = `Bad request parameters: ${inWords(faults)}`;
      throw new ApiProblem("request-invalid", tersely ? "Bad request parameters!" : words, faults, words);
    }
    for (const limit of limits) await passThrough(limit, request, response);
    response.json(await answer({ caller, query: request.query, body: request.body, request }));
  };
}

function passThrough(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (error?: unknown): void => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error("middleware", { cause: error }));
    };
    void handler(request, response, next);
  });
}

/** Express knows an error handler by its fourth parameter. */
function answerProblem(log: Pick<Logger, "error">): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    const incident = problem.status < 500 ? {} : { incident: newIncident() };
    if (problem.status >= 500) {
      log.error({ err: error, ...incident, method: request.method, path: request.path }, "request failed");
    }
    const { retryAfter = 2 } = error as { retryAfter?: number };
    if (problem.status === 429 || problem.status === 503) response.set("Retry-After", `${retryAfter}`);
    const challenge = challengeOf(problem);
    if (challenge !== undefined) response.set("WWW-Authenticate", challenge);
    response
      .status(problem.status)
      .type("application/problem+json")
      .send(JSON.stringify({ ...problemBody(problem), ...incident }));
  };
}

/** RFC 6750 section 3: no error code for who has sent no token. The texts are ours, in ASCII, without quotation marks. */
function challengeOf({ code, status, message }: ApiProblem): string | undefined {
  if (status !== 401 && status !== 422) return undefined;
  const realm = 'Bearer realm="sallyport"';
  if (code === "authorization-missing" || code === "credentials-wrong") return realm;
  const error = code === "authorization-malformed" ? "invalid_request" : "invalid_token";
  return `${realm}, error="${error}", error_description="${message.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'")}"`;
}

/** Whatever was thrown, as a problem. A bug tells nothing. */
function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof TokenError) return new ApiProblem(error.code, error.message);
  const { type, status } = error as { type?: unknown; status?: unknown };
  switch (type) {
    case "entity.too.large":
      return new ApiProblem("content-too-large", `A body holds at most ${largest / 1024} KiB.`);
    case "encoding.unsupported":
    case "charset.unsupported":
      return new ApiProblem("content-type-unsupported", "Send JSON in UTF-8, and not compressed.");
    default:
      if (type !== undefined && status === 400) {
        return new ApiProblem("json-malformed", "The body is not a JSON object.");
      }
  }
  if (status === 429) return new ApiProblem("too-many-requests", "Too many tries. Wait, and try again.");
  if (status === 503 || error instanceof StoreUnavailable) {
    return new ApiProblem("unavailable", "This cannot be done now. Try again in a moment.");
  }
  return new ApiProblem("internal-error", "Something went wrong here. It is in the log.");
}
