/** A Passport strategy for `Authorization: Bearer TOKEN` (RFC 6750), by header alone: a token in an address is logged. */
import CustomStrategy from "passport-custom";
import type { Request } from "express";
import { rawValues } from "../raw-values.ts";
import { TokenError } from "./token-error.ts";
import type { Claims, Tokens, TokenType } from "./tokens.ts";

export type BearerStrategyOptions<User extends object> = {
  readonly type: TokenType;
  readonly tokens: Pick<Tokens, "read">;
  /** Whose the claims are; `undefined` when their family has ended, or their user is gone. */
  readonly verify: (claims: Claims) => Promise<User | undefined>;
};

// passport-custom types its name as the one word "custom".
const Strategy: new (verify: CustomStrategy.VerifyCallback) => Omit<CustomStrategy, "name"> = CustomStrategy;

/** Succeeds with who the token belongs to; whatever else happens is an error, a {@link TokenError} if it is the client's. */
export class BearerStrategy<User extends object> extends Strategy {
  readonly name: string;
  constructor({ type, tokens, verify }: BearerStrategyOptions<User>) {
    super((request, done) => {
      bearerToken(request)
        .then((token) => tokens.read(type, token))
        .then(async (claims) => {
          const user = await verify(claims);
          if (!user) throw new TokenError("token-revoked", "Token has been revoked");
          done(null, user);
        })
        .catch(done);
    });
    this.name = `bearer-${type}`;
  }
}

/** Whether the client tries to sign in by a token at all, a malformed one included. */
export function hasAuthorization(request: Pick<Request, "rawHeaders">): boolean {
  return rawValues(request.rawHeaders, "Authorization").length > 0;
}

// eslint-disable-next-line @typescript-eslint/require-await -- throws as a promise does
async function bearerToken(request: Pick<Request, "rawHeaders">): Promise<string> {
  const [value, ...others] = rawValues(request.rawHeaders, "Authorization");
  if (value === undefined) throw new TokenError("authorization-missing", "Missing Authorization Header");
  // The scheme's case is free (RFC 9110 section 11.1), and the token is RFC 6750's b64token.
  const [, token] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(value) ?? [];
  if (token === undefined || others.length > 0) {
    throw new TokenError(
      "authorization-malformed",
      "Bad Authorization header. Expected value 'Bearer <JWT>'",
    );
  }
  return token;
}
