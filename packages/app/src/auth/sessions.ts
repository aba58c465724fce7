/** Cookie sessions: what a browser is remembered by between its requests. They prove a password sign-in, and never a certificate. */
import type { Request, RequestHandler } from "express";
import session, { type Session, type SessionData } from "express-session";
import type { AppKeys } from "./app-keys.ts";
import { wholeTime, type SessionStore } from "./session-store.ts";

/**
 * `__Host-` (RFC 6265bis section 4.1.3.2): only this host could have set it, over TLS, for all of its paths. The gateway
 * leaves the path of such a cookie alone (docs/mounted.md), so it goes to the host's other applications too, which a
 * path would not keep from it either (RFC 6265 section 8.5); in return, none of them can plant one for us from a subdomain.
 */
export const cookieName = "__Host-sallyport-app";

/**
 * Middleware that sets `request.session`. A cookie goes out only with a session that holds something, and only over TLS
 * (as the gateway says in X-Forwarded-Proto). One that was changed, or is not known any more, is an empty session.
 */
export function sessions(
  store: SessionStore,
  keys: AppKeys,
  previousKeys: readonly AppKeys[] = [],
): RequestHandler {
  return session({
    name: cookieName,
    store,
    // The first signs, all are believed: cookies outlive a change of the secret.
    secret: [keys, ...previousKeys].map((each) => each.keyFor("session cookie").toString("base64url")),
    resave: false,
    saveUninitialized: false,
    // The store decides when a session ends; the cookie only has to live that long.
    rolling: false,
    cookie: { path: "/", httpOnly: true, secure: true, sameSite: "lax", maxAge: wholeTime },
  });
}

/**
 * The session, for whoever wants to keep something in it: it becomes that of whoever is signed in, so that what is kept
 * for one person is never shown to the next one in the same browser.
 */
export function sessionOf(request: Request): Session & Partial<SessionData> {
  const kept: Session & Partial<SessionData> = request.session;
  kept.startedAt ??= Date.now();
  kept.userAgent ??= request.get("user-agent") ?? "";
  kept.address ??= request.ip ?? "";
  const { user } = request;
  if (user && user.by !== "token") {
    kept.userId ??= user.id;
    kept.by ??= user.by;
  }
  return kept;
}

/** Whether there is a session that holds something. */
export function hasSession(request: Request): boolean {
  return startOf(request) !== undefined;
}

/** Signs a person in with a session of a new id: nobody who knew the old one has this one. @throws StoreUnavailable */
export async function signIn(request: Request, person: { readonly id: number; readonly name: string }): Promise<void> {
  await renew(request);
  request.user = { id: person.id, name: person.name, by: "password" };
  sessionOf(request);
  await save(request);
} // prettier-ignore

/** Ends the session, in the store too. What is kept after it (a flash) is kept for nobody. @throws StoreUnavailable */
export async function signOut(request: Request): Promise<void> {
  await renew(request);
  request.user = undefined;
}

/** Throws the session away and begins an empty one. @throws StoreUnavailable */
export async function renew(request: Request): Promise<void> {
  await settled((done) => request.session.regenerate(done));
}

/** Writes the session down now, so that an answer is not sent before what it promises is kept. @throws StoreUnavailable */
export async function save(request: Request): Promise<void> {
  if (hasSession(request)) await settled((done) => request.session.save(done));
}

// A middleware that stands alone in a test has no session before it.
function startOf(request: Request): number | undefined {
  const { session: kept } = request as { session?: Partial<SessionData> };
  return kept?.startedAt;
}

function settled(act: (done: (error?: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error("session", { cause: error }));
    });
  });
}
