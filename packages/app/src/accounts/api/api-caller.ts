/** Who asks something of the API: a certificate's holder, or a token's. A cookie is nobody here. */
import type { Request } from "express";
import passport from "passport";
import { ApiProblem } from "../../api/api-problem.ts";
import type { Access, Caller, TokenCaller } from "../../api/operation.ts";
import type { SignedIn } from "../../auth/signed-in.ts";
import { BearerStrategy, hasAuthorization } from "../../auth/token/bearer-strategy.ts";
import type { Claims, Tokens } from "../../auth/token/tokens.ts";
import type { TokenFamilies } from "./token-families.ts";

type TokenHolder = SignedIn & { readonly claims: Claims };

export type ApiCallerOptions = {
  readonly tokens: Pick<Tokens, "read">;
  readonly families: Pick<TokenFamilies, "holder">;
  /** Whether another site's page sends the request: a browser adds the certificate to it by itself, and never a token. */
  readonly isFromElsewhere: (request: Request) => boolean;
};

/** @returns what finds out who asks; it throws `ApiProblem` and `TokenError` */
export function apiCaller({ tokens, families, isFromElsewhere }: ApiCallerOptions) {
  const authenticator = new passport.Passport();
  const verify = async (claims: Claims) => {
    const person = await families.holder(claims);
    return person && { ...person, by: "token" as const, claims };
  };
  const access = new BearerStrategy({ type: "access", tokens, verify });
  const refresh = new BearerStrategy({ type: "refresh", tokens, verify });
  authenticator.use(access).use(refresh);
  const byToken = (request: Request, { name }: { readonly name: string }) =>
    new Promise<TokenHolder>((resolve, reject) => {
      const settle = (error: Error | null, holder?: TokenHolder): void => {
        if (holder) resolve(holder);
        else reject(error ?? new Error("a Bearer strategy said neither yes nor why not"));
      };
      const authenticate = authenticator.authenticate(name, { session: false }, settle) as (
        ...handled: unknown[]
      ) => void;
      authenticate(request, undefined, reject);
    });

  return async (request: Request, asked: Access): Promise<Caller | TokenCaller | undefined> => {
    if (asked === "anybody") return undefined;
    const byCertificate = request.user?.by === "certificate" ? request.user : undefined;
    if (asked === "user" && byCertificate && !hasAuthorization(request)) {
      if (request.method !== "GET" && request.method !== "HEAD" && isFromElsewhere(request)) {
        throw new ApiProblem("origin-foreign", "Another site's page cannot ask this for you.");
      }
      return { user: byCertificate.id };
    }
    const { claims, ...person } = await byToken(request, asked === "refresh" ? refresh : access);
    if (byCertificate && byCertificate.id !== person.id) {
      throw new ApiProblem("identities-differ", "The token is one person's, and the certificate another's.");
    }
    request.user = byCertificate ?? person;
    return { user: person.id, family: claims.family, token: claims.id } satisfies TokenCaller;
  };
}
