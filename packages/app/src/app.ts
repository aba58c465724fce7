/** Builds the Express application. It never listens and never reads the environment: main.ts does. */
import express, { type Express } from "express";
import helmet from "helmet";
import type { Logger } from "pino";
import type { GatewaySecret } from "./auth/gateway-secret.ts";
import { identifyUser } from "./auth/identify-user.ts";
import { trustedHop } from "./auth/trusted-hop.ts";
import { greeting } from "./greeting/greeting.ts";
import { answerError, answerNotFound } from "./views/problem.ts";
import { stylesheet } from "./views/stylesheet.ts";

export type AppOptions = {
  /** The identity dialect that the gateway's route to this app speaks. */
  readonly dialect: string;
  readonly secret: Pick<GatewaySecret, "accepts">;
  readonly log: Pick<Logger, "warn" | "error">;
};

export function createApp({ dialect, secret, log }: AppOptions): Express {
  const warn = (code: string, message: string): void => {
    log.warn({ code }, message);
  };
  const app = express();
  // X-Forwarded-* is followed one hop far. From anybody but the gateway it is gone before a route runs (trustedHop).
  app.set("trust proxy", 1);
  // Every answer but the stylesheet is no-store: there is nothing to validate.
  app.set("etag", false);
  // In any other environment, an error that even answerError cannot answer is shown to the client, stack and all.
  app.set("env", "production");

  app.use(trustedHop({ secret, onDistrust: warn }));
  app.use(securityHeaders);
  app.get(stylesheet.path, stylesheet.answer);
  app.use((_request, response, next) => {
    response.set("Cache-Control", "private, no-store");
    next();
  });
  app.get("/health", (_request, response) => {
    response.json({ status: "ok" });
  });
  app.use(identifyUser({ dialect, onDoubt: warn }));
  app.get("/", greeting);
  app.use(answerNotFound);
  app.use(answerError(log));
  return app;
}

const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["data:"], // the icon in the page's head
      formAction: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: "deny" },
  // The gateway ends TLS, and HSTS binds a whole host: an app at one prefix has no business to promise it for the others.
  strictTransportSecurity: false,
});
