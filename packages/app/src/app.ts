/**
 * Builds the Express application. It never listens and never reads the environment: main.ts does.
 *
 * A request walks: trustedHop (is it the gateway's?) -> security headers -> stylesheet, health -> session (cookie) ->
 * identifyUser (a certificate wins over the cookie) -> the API -> form bodies -> forgeryGuard (Origin, form token) -> features -> 404, errors.
 */
import express, { type Express } from "express";
import helmet from "helmet";
import type { Logger } from "pino";
import { accounts } from "./accounts/accounts.ts";
import type { AppKeys } from "./auth/app-keys.ts";
import { forgeryGuard } from "./auth/forgery-guard.ts";
import type { GatewaySecret } from "./auth/gateway-secret.ts";
import { identifyUser } from "./auth/identify-user.ts";
import type { Limits } from "./auth/limits.ts";
import type { Passwords } from "./auth/password/passwords.ts";
import { SessionStore } from "./auth/session-store.ts";
import { sessions } from "./auth/sessions.ts";
import type { Tokens } from "./auth/token/tokens.ts";
import { trustedHop } from "./auth/trusted-hop.ts";
import { greeting } from "./greeting/greeting.ts";
import { journal } from "./journal/journal.ts";
import { jsonApi } from "./json-api.ts";
import type { SessionRecords, Store } from "./store/index.ts";
import { board } from "./tasks/board.ts";
import { tasks } from "./tasks/tasks.ts";
import { answerError, answerNotFound } from "./views/problem.ts";
import { stylesheet } from "./views/stylesheet.ts";

export type AppOptions = {
  /** The identity dialect that the gateway's route to this app speaks. */
  readonly dialect: string;
  readonly secret: Pick<GatewaySecret, "accepts">;
  readonly keys: AppKeys;
  /** From secrets before: what they signed is still believed. */
  readonly previousKeys?: readonly AppKeys[];
  /** Migrated. */
  readonly store: Store;
  readonly sessionRecords: SessionRecords;
  readonly passwords: Passwords;
  readonly limits: Limits;
  readonly tokens: Tokens;
  readonly log: Pick<Logger, "warn" | "error">;
  /** `/crashme` is there. */
  readonly isDevelopment?: boolean;
};

export function createApp(options: AppOptions): Express {
  const { dialect, secret, keys, store, sessionRecords, passwords, limits, tokens, log, isDevelopment } =
    options;
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
  const sessionStore = new SessionStore(sessionRecords, (error) => {
    log.warn({ err: error }, "it could not be written down that a session was used");
  });
  app.use(sessions(sessionStore, keys, options.previousKeys));
  app.use(identifyUser({ dialect, store, onDoubt: warn }));
  // It reads JSON alone, and guards itself: a token needs no guard, and a cookie is nobody there.
  app.use(jsonApi({ store, passwords, tokens, limits, log }));
  app.use(express.urlencoded({ extended: false, limit: "256kb" }));
  // Before every feature, so that no form can forget it.
  app.use(forgeryGuard);
  app.use(accounts({ store, sessionRecords, passwords, limits }));
  app.get("/", greeting);
  app.use(journal({ store, log }));
  app.use(board(tasks(store)));
  if (isDevelopment === true) {
    app.get("/crashme", () => {
      throw new Error("/crashme was asked for");
    });
  }
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
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // With helmet's own choice, no-referrer, browsers send "Origin: null" with our forms too (Fetch, "append a request Origin
  // header"), and forgeryGuard could not tell them from another site's.
  referrerPolicy: { policy: "same-origin" },
  xFrameOptions: { action: "deny" },
  // The gateway ends TLS, and HSTS binds a whole host: an app at one prefix has no business to promise it for the others.
  strictTransportSecurity: false,
});
