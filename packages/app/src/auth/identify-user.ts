/** Turns the gateway's word about a client certificate into `request.user`. */
import { printRfc4514, type AssertedIdentity } from "@sallyport/identity";
import { CertificateStrategy, type DoubtCode } from "@sallyport/identity/passport";
import passport from "passport";
import { isFromGateway } from "./trusted-hop.ts";

/** A person whose client certificate the gateway has verified. */
export type CertificateUser = {
  /** The subject's one CN as it is written in the certificate, or the name that the dialect carries in its place. May hold any character. */
  readonly name: string;
  /** The whole subject as RFC 4514 text in ASCII, where the dialect carries it; unlike the name, unique to one holder of the issuer's certificates. */
  readonly subject: string | undefined;
  /** The issuer in the same form, where the dialect carries it. */
  readonly issuer: string | undefined;
  /** The e-mail addresses, where the dialect carries them. */
  readonly emails: readonly string[];
};

declare global {
  // Express offers no other way to say what `request.user` is.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/consistent-type-definitions, @typescript-eslint/no-empty-object-type
    interface User extends CertificateUser {}
  }
}

export type IdentifyUserOptions = {
  /** The dialect of the gateway's route to this app, such as `ssl-client`. */
  readonly dialect: string;
  /** Told when the gateway's lines are not exactly one verified person with one name; the request goes on as anonymous. */
  readonly onDoubt: (code: DoubtCode, message: string) => void;
};

/**
 * Middleware that sets `request.user`, or leaves it unset for an anonymous client. It never answers a request itself.
 * Identity is proved anew on every request, so there is no session that could outlive the certificate.
 */
export function identifyUser({ dialect, onDoubt }: IdentifyUserOptions) {
  const authenticator = new passport.Passport();
  const strategy = new CertificateStrategy({ dialect, trusted: isFromGateway, verify: userOf, onDoubt });
  authenticator.use(strategy);
  return (request: Express.Request, response: unknown, next: (error?: unknown) => void): void => {
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

function userOf({ subject, issuer, emails }: AssertedIdentity, name: string): CertificateUser {
  return { name, subject: subject && printRfc4514(subject), issuer: issuer && printRfc4514(issuer), emails };
}
