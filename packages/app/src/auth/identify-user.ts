/** Says who is asking: by the gateway's word about a client certificate, or else by a session that began with a password. */
import { CertificateStrategy, type DoubtCode } from "@sallyport/identity/passport";
import type { Request, RequestHandler } from "express";
import type { SessionData } from "express-session";
import passport from "passport";
import type { Store } from "../store/index.ts";
import { certificateAccount } from "./certificate-account.ts";
import { hasSession, renew } from "./sessions.ts";
import type { SignedIn } from "./signed-in.ts";
import { isFromGateway } from "./trusted-hop.ts";

export type IdentifyUserOptions = {
  /** The dialect of the gateway's route to this app, such as `ssl-client`. */
  readonly dialect: string;
  readonly store: Pick<Store, "db">;
  /** Told when the gateway's lines are not exactly one verified person with one name; the request goes on as anonymous. */
  readonly onDoubt: (code: DoubtCode, message: string) => void;
};

/**
 * Middleware that sets `request.user`, or leaves it unset for an anonymous client. It never answers a request itself.
 *
 * A certificate is proved anew on every request, so no session outlives it, and it wins over a cookie: a session that
 * belongs to anybody else (another person, nobody, or a certificate that is not there any more) is thrown away.
 */
export function identifyUser(options: IdentifyUserOptions): RequestHandler {
  const byCertificate = certificates(options);
  return (request, response, next) => {
    byCertificate(request, response, (error) => {
      if (error) next(error);
      else settleSession(request, options.store).then(() => { next(); }, next); // prettier-ignore
    });
  };
}

type Next = (error?: unknown) => void;

function certificates({ dialect, store, onDoubt }: IdentifyUserOptions) {
  const authenticator = new passport.Passport();
  const strategy = new CertificateStrategy<SignedIn>({
    dialect,
    trusted: isFromGateway,
    verify: (asserted, name) => certificateAccount(store, asserted, name),
    onDoubt,
  });
  authenticator.use(strategy);
  return (request: Express.Request, response: unknown, next: Next): void => {
    const settle = (error: unknown, user?: Express.User | false | null): void => {
      if (error) next(error);
      else if (user) request.logIn(user, { session: false }, next);
      else next();
    };
    const authenticate = authenticator.authenticate(strategy.name, { session: false }, settle) as (
      ...handled: unknown[]
    ) => void;
    authenticate(request, response, next);
  };
}

async function settleSession(request: Request, { db }: Pick<Store, "db">): Promise<void> {
  if (!hasSession(request)) return;
  const { userId, by, startedAt } = request.session as Partial<SessionData>;
  if (request.user) {
    if (by !== "certificate" || userId !== request.user.id) await renew(request);
  } else if (by === "password" && userId !== undefined) {
    const person = await db
      .selectFrom("users")
      .innerJoin("passwords", "passwords.user_id", "users.id")
      .select(["users.id", "users.name", "passwords.changed"])
      .where("users.id", "=", userId)
      .executeTakeFirst();
    // Whatever an older password has opened is over, whoever changed it, and wherever sessions are kept.
    if (person && (startedAt ?? 0) >= person.changed) request.user = { id: person.id, name: person.name, by };
    else await renew(request);
  } else if (by === "certificate") {
    await renew(request);
  }
}
