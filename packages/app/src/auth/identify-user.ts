import passport from "passport";
import { certificateStrategy, certificateStrategyName } from "./certificate-strategy.ts";
import type { CertificateStrategyOptions, CertificateUser } from "./certificate-strategy.ts";

declare global {
  // Express offers no other way to say what `request.user` is.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/consistent-type-definitions, @typescript-eslint/no-empty-object-type
    interface User extends CertificateUser {}
  }
}

/**
 * Middleware that sets `request.user`, or leaves it unset for an anonymous client. It never answers a request itself.
 * Identity is proved anew on every request, so there is no session that could outlive the certificate.
 */
export function identifyUser(options: CertificateStrategyOptions) {
  const authenticator = new passport.Passport();
  authenticator.use(certificateStrategyName, certificateStrategy(options));
  return (request: Express.Request, response: unknown, next: (error?: unknown) => void): void => {
    const settle = (error: unknown, user?: CertificateUser | false | null): void => {
      if (error) next(error);
      else if (user) request.logIn(user, { session: false }, next);
      else next();
    };
    const authenticate = authenticator.authenticate(certificateStrategyName, { session: false }, settle) as (
      ...handled: unknown[]
    ) => void;
    authenticate(request, response, next);
  };
}
