/** The API's sign-in: tokens for a password, new tokens for old ones, and their end. */
import { data, done } from "../../api/answer-schemas.ts";
import { ApiProblem } from "../../api/api-problem.ts";
import { operation, type Operation } from "../../api/operation.ts";
import type { ObjectSchema } from "../../api/schema.ts";
import { succeeded } from "../../auth/limits.ts";
import type { Passwords } from "../../auth/password/passwords.ts";
import { randomId, type Tokens } from "../../auth/token/tokens.ts";
import type { Store } from "../../store/index.ts";
import type { TokenFamilies } from "./token-families.ts";
import { credentials } from "./user-schemas.ts";
import { keepAnew } from "../people.ts";
import type { Users } from "./users.ts";

export type TokenOperationsOptions = {
  readonly store: Store;
  readonly users: Users;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly families: TokenFamilies;
  /** Told when a refresh token comes a second time: it was stolen, or a client is broken. */
  readonly onReuse: (user: number) => void;
};

const token = { type: "string", description: "A JSON Web Token." } as const;

const signedIn = {
  type: "object",
  properties: {
    name: { type: "string" },
    email: { type: "string" },
    token: { ...token, description: "The access token." },
    refresh: { ...token, description: "The refresh token: good once, for 30 days." },
  },
  required: ["name", "email", "token", "refresh"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

const refreshed = {
  type: "object",
  properties: {
    token: { ...token, description: "The next access token." },
    refresh: { ...token, description: "The next refresh token. The one that was sent is used up." },
  },
  required: ["token", "refresh"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

export function tokenOperations(options: TokenOperationsOptions): readonly Operation[] {
  const { store, users, passwords, tokens, families, onReuse } = options;
  /** Whose credentials they are. Takes as long for an address that nobody has. */
  const proved = async (email: string, password: string) => {
    const found = await users.byEmail(email);
    const { ok, rehash } = found
      ? await passwords.verify(password, found.hash)
      : await passwords.dummy(password);
    if (!found || !ok) return undefined;
    if (!rehash) return found;
    const hash = await passwords.hash(password);
    await keepAnew(store, found.id, found.hash, hash);
    return { ...found, hash };
  };
  const pairOf = (user: string, family: string) =>
    Promise.all([tokens.issue("access", user, family), tokens.issue("refresh", user, family)]);
  return [
    operation({
      id: "signIn",
      method: "post",
      path: "/auth",
      aliases: ["/auth"],
      summary: "An access token and a refresh token for an e-mail address and its password",
      access: "anybody",
      limit: "login",
      body: credentials,
      result: data(signedIn),
      problems: ["credentials-wrong"],
      async answer({ body, request }) {
        const found = await proved(body.email, body.password);
        if (!found) throw new ApiProblem("credentials-wrong", "invalid username or password");
        succeeded(request);
        const [access, refresh] = await pairOf(String(found.id), randomId());
        await families.begin(refresh);
        // A password that was changed meanwhile has ended the tokens that were there: these came too late for that.
        if ((await users.byId(found.id))?.hash !== found.hash) {
          await families.end(refresh.family);
          throw new ApiProblem("credentials-wrong", "invalid username or password");
        }
        const { name, email } = found;
        return { ok: true, data: { name, email, token: access.token, refresh: refresh.token } };
      },
    }),
    operation({
      id: "refresh",
      method: "post",
      path: "/refresh",
      aliases: ["/refresh"],
      summary: "New tokens for a refresh token; one that comes twice ends every token of its sign-in",
      access: "refresh",
      result: data(refreshed),
      async answer({ caller: { user, family, token: used } }) {
        const [access, refresh] = await pairOf(String(user), family);
        if (!(await families.rotate(used, refresh))) {
          onReuse(user);
          throw new ApiProblem("token-revoked", "Token has been revoked");
        }
        return { ok: true, data: { token: access.token, refresh: refresh.token } };
      },
    }),
    operation({
      id: "signOut",
      method: "post",
      path: "/logout",
      aliases: [],
      summary: "Ends every token that came from the same sign-in as this refresh token",
      access: "refresh",
      result: done,
      async answer({ caller: { family } }) {
        await families.end(family);
        return { ok: true, message: "signed out" };
      },
    }),
  ];
}
