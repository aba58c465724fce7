/** JSON Web Tokens of the API: what they say, how they are made, and when they are believed. */
import { randomBytes } from "node:crypto";
import { errors, jwtVerify, SignJWT, type JWTPayload } from "jose";
import { TokenError } from "./token-error.ts";
import type { TokenKey } from "./token-keys.ts";

export type TokenType = "access" | "refresh";

/** What a token says. No name, no address, nothing that must not be read by whoever finds it. */
export type Claims = {
  readonly type: TokenType;
  /** Whose it is: the user's id. */
  readonly user: string;
  /** One sign-in and everything that was refreshed from it. It ends as a whole. */
  readonly family: string;
  /** `jti`: this token and no other. */
  readonly id: string;
  readonly expires: Date;
};

export type Issued = Claims & { readonly token: string };

export type Tokens = {
  readonly issue: (type: TokenType, user: string, family: string) => Promise<Issued>;
  /**
   * What has been proved when claims come out: one of our keys signed them with our algorithm, for this API, they are
   * of this type, and their time has not ended. Not proved: that their family still lives.
   * @throws TokenError
   */
  readonly read: (type: TokenType, token: string) => Promise<Claims>;
};

export type TokensOptions = {
  /** Asked every time: the first signs, every one is believed. A secret is rotated by putting a new one before the old. */
  readonly keys: () => readonly [TokenKey, ...TokenKey[]];
  /** Seconds that an access token lives; a quarter of an hour when left out. */
  readonly accessLifetime?: number;
  /** Another clock, for tests. */
  readonly now?: () => Date;
};

const algorithm = "HS256";
const issuer = "sallyport-app";
const audience = "sallyport-app/api/v1";
const day = 24 * 60 * 60;
/** Ours have about 400 characters; nobody makes us hash and parse more. */
const longest = 2048;
/** Seconds that the clocks of two machines with one secret may differ. */
const skew = 5;

export function openTokens({
  keys,
  accessLifetime = 15 * 60,
  now = () => new Date(),
}: TokensOptions): Tokens {
  const lifetimes: Readonly<Record<TokenType, number>> = { access: accessLifetime, refresh: 30 * day };
  return {
    async issue(type, user, family) {
      const [{ kid, key }] = keys();
      const id = randomId();
      const issued = Math.floor(now().getTime() / 1000);
      const expires = issued + lifetimes[type];
      const token = await new SignJWT({ type, family })
        .setProtectedHeader({ alg: algorithm, typ: "JWT", kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(user)
        .setJti(id)
        .setIssuedAt(issued)
        .setNotBefore(issued)
        .setExpirationTime(expires)
        .sign(key);
      return { type, user, family, id, expires: new Date(expires * 1000), token };
    },
    async read(type, token) {
      if (token.length > longest) throw new TokenError("token-malformed", "The token is too long");
      if (token.split(".").length < 3) throw new TokenError("token-malformed", "Not enough segments");
      try {
        const { payload } = await jwtVerify(token, ({ kid }) => keyFor(kid, keys()), {
          algorithms: [algorithm],
          issuer,
          audience,
          clockTolerance: skew,
          currentDate: now(),
          requiredClaims: ["sub", "jti", "iat", "nbf", "exp", "type", "family"],
        });
        return claimsOf(type, payload);
      } catch (error) {
        throw reasonOf(error);
      }
    },
  };
}

/** 128 bits that nobody guesses. */
export function randomId(): string {
  return randomBytes(16).toString("base64url");
}

function keyFor(kid: string | undefined, keys: readonly TokenKey[]): Uint8Array {
  const found = keys.find((key) => key.kid === kid);
  if (!found) throw new TokenError("token-untrusted", "Signature verification failed");
  return found.key;
}

function claimsOf(wanted: TokenType, { type, family, sub, jti, exp }: JWTPayload): Claims {
  if (type !== wanted) throw new TokenError("token-wrong-type", `Only ${wanted} tokens are allowed`);
  // Signed by us, so that they are what we write; TypeScript cannot know.
  return {
    type: wanted,
    user: String(sub),
    family: String(family),
    id: String(jti),
    expires: new Date(Number(exp) * 1000),
  };
}

/** jose's stable codes -> ours, in the seed's words. */
function reasonOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new TokenError("token-expired", "Token has expired");
  if (error instanceof errors.JWTClaimValidationFailed) {
    const wrong = { iss: "Invalid issuer", aud: "Invalid audience", nbf: "The token is not yet valid (nbf)" };
    const { claim } = error;
    return new TokenError(
      "token-untrusted",
      Object.hasOwn(wrong, claim) ? wrong[claim as keyof typeof wrong] : "A claim is missing or wrong",
    );
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return new TokenError("token-untrusted", "The specified alg value is not allowed");
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new TokenError("token-untrusted", "Signature verification failed");
  }
  if (error instanceof errors.JOSEError) return new TokenError("token-malformed", "Invalid token");
  return error;
}
