/** The Passport strategy that turns the gateway's word about a client certificate into `request.user`. */
import type { IncomingMessage } from "node:http";
import { commonNameOf, IdentityError, printRfc4514, readIdentity } from "@sallyport/identity";
import type { IdentityErrorCode } from "@sallyport/identity";
import CustomStrategy from "passport-custom";
import { isFromGateway } from "./trusted-hop.ts";

/** A person whose client certificate the gateway has verified. */
export type CertificateUser = {
  /** The subject's one CN, as it is written in the certificate. May hold any character: escape it where it is shown. */
  readonly name: string;
  /** The whole subject as RFC 4514 text in ASCII; unlike the name, unique to one holder of the issuer's certificates. */
  readonly subject: string;
  /** The issuer as RFC 4514 text, where the dialect carries it. */
  readonly issuer: string | undefined;
};

export type CertificateStrategyOptions = {
  /** The dialect of the gateway's route to this app, such as `ssl-client`. */
  readonly dialect: string;
  /** Told when the gateway's lines are not exactly one verified subject with one name; the request goes on as anonymous. */
  readonly onDoubt: (code: IdentityErrorCode, message: string) => void;
};

export const certificateStrategyName = "client-certificate";

/** Fails closed: whatever is not one proved person is no user. What went wrong is told to `onDoubt`, never to the client. */
export function certificateStrategy(options: CertificateStrategyOptions): CustomStrategy {
  return new CustomStrategy((request, done) => {
    try {
      done(null, identify(request, options) ?? false);
    } catch (error) {
      done(error);
    }
  });
}

function identify(
  request: IncomingMessage,
  { dialect, onDoubt }: CertificateStrategyOptions,
): CertificateUser | undefined {
  if (!isFromGateway(request)) return undefined;
  try {
    // Never `request.headers`: it joins repeated lines, and whoever added the second one could choose the name.
    const identity = readIdentity(request.rawHeaders, dialect);
    if (identity === undefined) return undefined;
    return {
      name: commonNameOf(identity.subject),
      subject: printRfc4514(identity.subject),
      issuer: identity.issuer && printRfc4514(identity.issuer),
    };
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    onDoubt(error.code, error.message);
    return undefined;
  }
}
