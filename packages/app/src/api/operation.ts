/** One thing that the API does: what it takes, what it answers, who may ask. Served and documented from the same value. */
import type { Request } from "express";
import type { ProblemCode } from "./api-problem.ts";
import type { ObjectSchema, Schema, Value } from "./schema.ts";

/** Whose request it is. */
export type Caller = {
  /** The user's id in the store. */
  readonly user: number;
};

/** Who has sent a token. */
export type TokenCaller = Caller & {
  /** The sign-in that the token comes from. */
  readonly family: string;
  /** The token's own id. */
  readonly token: string;
};

type CallerOf<Asked extends Access> = { anybody: undefined; user: Caller; refresh: TokenCaller }[Asked];

export type Access =
  /** Whoever can reach the API. */
  | "anybody"
  /** A client certificate, or an access token. */
  | "user"
  /** A refresh token. */
  | "refresh";

export type Call<Asked extends Access, Query, Body> = {
  readonly caller: CallerOf<Asked>;
  readonly query: Query;
  readonly body: Body;
  readonly request: Request;
};

/** An operation as it is written down, with the types that its schemas give to what `answer` is called with. */
export type OperationOf<
  Asked extends Access,
  Query extends ObjectSchema | undefined,
  Body extends ObjectSchema | undefined,
> = {
  readonly id: string;
  readonly method: "get" | "post" | "patch" | "delete";
  /** Below `/api/v1`. */
  readonly path: string;
  /** The seed's own addresses of it, from the root of the app. */
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly access: Asked;
  readonly query?: Query;
  readonly body?: Body;
  /** What the seed says, and no more, when something is wrong with the request; `errors` tells the rest. */
  readonly tersely?: true;
  /** How often one person or address may ask. */
  readonly limit?: "login" | "register" | "confirm";
  /** What a 200 carries. */
  readonly result: Schema;
  /** The codes that can come beside those that access, query and body bring along. */
  readonly problems?: readonly ProblemCode[];
  /** @throws ApiProblem */
  readonly answer: (call: Call<Asked, Value<Query>, Value<Body>>) => object | Promise<object>;
};

/** An operation in a list of them. */
export type Operation = Omit<OperationOf<Access, ObjectSchema, ObjectSchema>, "answer"> & {
  readonly answer: (call: Call<Access, unknown, unknown>) => object | Promise<object>;
};

/** Ties the schemas to the types: what `answer` is given has been validated against them. */
export function operation<
  Asked extends Access,
  const Query extends ObjectSchema | undefined = undefined,
  const Body extends ObjectSchema | undefined = undefined,
>(written: OperationOf<Asked, Query, Body>): Operation {
  return written as unknown as Operation;
}
