/** Builds the Express application. It never listens and reads no settings: the `serve` command does. */
import { CertsError } from "@sallyport/certs";
import express, { type ErrorRequestHandler, type Express } from "express";
import helmet from "helmet";
import type { Logger } from "pino";
import { est } from "./est/est.ts";
import type { Desk } from "./fulfil.ts";
import type { GatewaySecret } from "./gateway/gateway-secret.ts";
import { onlyTheGateway } from "./gateway/only-the-gateway.ts";
import { enrolPage } from "./page/enrol-page.ts";
import type { Closed } from "./page/closed.ts";
import { renderPage, styleSource } from "./page/render.ts";

export type AppOptions = {
  readonly desk: Desk;
  readonly secret: Pick<GatewaySecret, "accepts">;
  readonly log: Pick<Logger, "warn" | "error">;
};

/** Where the gateway has EST (RFC 7030 section 3.2.2 leaves no choice); every other prefix has the page. */
const estPrefix = "/.well-known/est";

export function createApp({ desk, secret, log }: AppOptions): Express {
  const [estRouter, pageRouter] = [est(desk), enrolPage(desk)];
  const app = express();
  app.set("etag", false);
  app.set("env", "production"); // in any other, Express shows a stack to the client
  app.use(securityHeaders, (_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  app.get("/health", (_request, response) => {
    response.json({ status: "ok" });
  });
  app.use(onlyTheGateway({ secret, log }));
  app.use((request, response, next) => {
    const router = response.locals.visit.prefix === estPrefix ? estRouter : pageRouter;
    router(request, response, next);
  });
  app.use((_request, response) => {
    response.status(404).type("text/plain").send("There is nothing at this address. Open the link you were sent.\n"); // prettier-ignore
  });
  app.use(answerError(desk, log));
  return app;
}

const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: [styleSource],
      imgSrc: ["data:"], // the empty icon in the page's head
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: "no-referrer" }, // an address holds a token
  xFrameOptions: { action: "deny" },
  // HSTS binds a whole host, and is the gateway's to promise
  strictTransportSecurity: false,
});

/** The log is told everything; the client what it can mend, and otherwise that it is not its fault. */
function answerError(desk: Desk, log: AppOptions["log"]): ErrorRequestHandler {
  // Express knows an error handler by its fourth parameter.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (error: unknown, request, response, _next) => {
    const problem = problemOf(error);
    if (problem.status >= 500) log.error({ err: error, method: request.method }, "request failed");
    if (response.headersSent) {
      response.destroy(); // cut, so that nobody takes what was sent for the whole
      return;
    }
    response.status(problem.status).format({
      "text/plain": () => response.send(`${problem.headline} ${problem.detail}\n`),
      "text/html": () => response.send(renderPage("closed", { ...problem, contact: desk.contact })),
      default: () => response.type("text/plain").send(`${problem.headline} ${problem.detail}\n`),
    });
  };
}

function problemOf(error: unknown): Closed {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  if (status === 413)
    return { status, headline: "That is too long.", detail: "A certificate request has a few thousand characters." };
  if (status >= 400 && status < 500)
    return { status, headline: "That cannot be read.", detail: "Send it again, as the documentation shows it." };
  if (error instanceof CertsError)
    return { status: 503, headline: "The authority is not available.", detail: "Nothing was issued, and nothing is used up. Try again in a minute." };
  return { status: 500, headline: "Something went wrong here.", detail: "It is in the log, for the people who run this service." };
} // prettier-ignore
