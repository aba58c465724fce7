/** What is believed of a request, and that it is the gateway's: everybody else is turned away at once. */
import { IdentityError, readIdentity, type Certificate } from "@sallyport/identity";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import type { GatewaySecret } from "./gateway-secret.ts";
import { onlyValue, rawValues } from "./raw-values.ts";

/** What the gateway says of one request, and has proved. */
export type Visit = {
  /** The certificate that the client has proved to hold on this connection, and that the gateway has found good. */
  readonly certificate: Certificate | undefined;
  /** The client's own address. */
  readonly address: string | undefined;
  /** The gateway's prefix of the route, without its last slash: `/.well-known/est`. */
  readonly prefix: string | undefined;
};

declare global {
  // Express offers no other way to say what a request carries.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
    interface Locals {
      visit: Visit;
    }
  }
}

export type OnlyTheGatewayOptions = {
  readonly secret: Pick<GatewaySecret, "accepts">;
  readonly log: Pick<Logger, "warn">;
};

/**
 * Middleware: a request without exactly one line that holds the gateway's secret gets 403, whatever it asks for. For the
 * others `response.locals.visit` is set. A certificate that is not told in exactly one way is no certificate.
 */
export function onlyTheGateway({ secret, log }: OnlyTheGatewayOptions): RequestHandler {
  return ({ rawHeaders }, response, next) => {
    const [presented, ...others] = rawValues(rawHeaders, "Sallyport-Secret");
    if (presented === undefined || others.length > 0 || !secret.accepts(presented)) {
      log.warn({ code: "not-the-gateway" }, "a request that is not the gateway's was turned away");
      response
        .status(403)
        .type("text/plain")
        .send("This service answers the gateway alone. Ask at the gateway's address.\n");
      return;
    }
    response.locals.visit = {
      certificate: certificateIn(rawHeaders, log),
      address: onlyValue(rawHeaders, "X-Forwarded-For"),
      prefix: onlyValue(rawHeaders, "X-Forwarded-Prefix"),
    };
    next();
  };
}

function certificateIn(
  rawHeaders: readonly string[],
  log: OnlyTheGatewayOptions["log"],
): Certificate | undefined {
  try {
    return readIdentity(rawHeaders, "rfc9440")?.certificate;
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    log.warn({ code: error.code }, error.message);
    return undefined;
  }
}
