/** No page of another site can make a person's browser change anything here. One middleware, before every feature. */
import { csrfSync } from "csrf-sync";
import type { Request, RequestHandler } from "express";
import { Refused } from "../refused.ts";
import { isSameOrigin } from "./same-origin.ts";
import { sessionOf } from "./sessions.ts";

/** The name of the hidden field in every form. */
export const csrfField = "csrf_token";

/** Why a request was refused. Stable: logs and tests match it. */
export type ForgeryCode = "request-cross-site" | "form-token-missing" | "form-token-wrong";

/** The request may not be its sender's wish. Nothing was done. */
export class ForgeryError extends Refused {
  constructor(code: ForgeryCode) {
    super({
      status: 403,
      code,
      ...(code === "request-cross-site"
        ? {
            headline: "This request came from another site.",
            detail:
              "Nothing was changed. If you meant to do this, open the page here, and send its own form.",
          }
        : {
            headline: "This form is no longer valid.",
            detail:
              "Nothing was changed. You may have signed in or out since it was opened, or been away too long. Go back: what you typed is still there. Copy it, load the page again, and send it once more.",
          }),
    });
  }
}

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/** A synchroniser token: random, kept in the session, and gone with it. So one from before a login is wrong after it. */
const { generateToken, isRequestValid } = csrfSync({
  size: 32,
  getTokenFromRequest: tokenInForm,
  getTokenFromState: (request) => (request.session as { csrfToken?: string | null }).csrfToken,
  storeTokenInState: (request, token) => {
    sessionOf(request).csrfToken = token;
  },
});

/**
 * Lets through what changes nothing, and of the rest:
 * - what carries a Bearer token, which no browser adds by itself, and no page of another site can (CORS is never allowed);
 * - what comes from no other site's page ({@link isSameOrigin}) **and** either holds the session's token or is of a kind
 *   that no form and no request without a CORS preflight can be: JSON, or a method other than POST.
 *
 * Stands after the session and the form's body have been read.
 * @throws ForgeryError
 */
export const forgeryGuard: RequestHandler = (request, _response, next) => {
  request.csrfToken = () => generateToken(request); // for the templates
  if (!safe.has(request.method) && !carriesBearer(request)) {
    if (!isSameOrigin(request)) throw new ForgeryError("request-cross-site");
    if (canBeAForm(request) && !isRequestValid(request)) {
      throw new ForgeryError(tokenInForm(request) === undefined ? "form-token-missing" : "form-token-wrong");
    }
  }
  next();
};

function carriesBearer(request: Request): boolean {
  return /^Bearer +\S/i.test(request.get("Authorization") ?? "");
}

/** A POST of one of the types that a form can have, of no type, or of one that cannot be read. */
function canBeAForm(request: Request): boolean {
  const type = request.get("Content-Type") ?? "";
  return request.method === "POST" && !/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type);
}

function tokenInForm(request: Request): string | undefined {
  const body: unknown = request.body;
  if (typeof body !== "object" || body === null || !(csrfField in body)) return undefined;
  const token = body[csrfField];
  return typeof token === "string" && token !== "" ? token : undefined;
}
