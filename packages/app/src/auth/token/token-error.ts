/** Why a token was not believed. Stable: clients and tests match it. */
export type TokenErrorCode =
  /** No Authorization line at all. */
  | "authorization-missing"
  /** One that is not `Bearer` and one token. */
  | "authorization-malformed"
  /** Not a signed JSON Web Token. */
  | "token-malformed"
  /** Not signed by us, with our algorithm, for this API. */
  | "token-untrusted"
  /** An access token where a refresh token is asked for, or the reverse. */
  | "token-wrong-type"
  | "token-expired"
  /** Its family has ended: logged out, password changed, account deleted, or a refresh token was used twice. */
  | "token-revoked";

/** The message is public, and the seed's own (its token library's) where there is one. It never repeats the token. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;
  constructor(code: TokenErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
