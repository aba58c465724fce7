/** The API: what every feature can be asked for in JSON, served under `/api/v1` and at the seed's addresses. */
import type { Router } from "express";
import type { Logger } from "pino";
import { apiCaller } from "./accounts/api/api-caller.ts";
import { tokenFamilies } from "./accounts/api/token-families.ts";
import { tokenOperations } from "./accounts/api/token-operations.ts";
import { userOperations } from "./accounts/api/user-operations.ts";
import { user } from "./accounts/api/user-schemas.ts";
import { users } from "./accounts/api/users.ts";
import { apiRouter } from "./api/api-router.ts";
import { withOpenApi } from "./api/openapi-operation.ts";
import { pingOperation } from "./api/ping-operation.ts";
import type { Limits } from "./auth/limits.ts";
import type { Passwords } from "./auth/password/passwords.ts";
import { isSameOrigin } from "./auth/same-origin.ts";
import type { Tokens } from "./auth/token/tokens.ts";
import { foldKey, type Store } from "./store/index.ts";
import { taskOperations } from "./tasks/task-operations.ts";
import { task } from "./tasks/task-schemas.ts";
import { tasks } from "./tasks/tasks.ts";

export type JsonApiOptions = {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly log: Pick<Logger, "warn" | "error">;
};

/** Stands behind identifyUser, and before what reads forms and guards them: it looks after itself. */
export function jsonApi({ store, passwords, tokens, limits, log }: JsonApiOptions): Router {
  const families = tokenFamilies(store);
  const onReuse = (id: number): void => {
    log.warn(
      { code: "refresh-token-reused", user: id },
      "A refresh token came twice; its sign-in has ended.",
    );
  };
  const people = users(store);
  const operations = withOpenApi(
    [
      pingOperation,
      ...userOperations({ store, users: people, passwords }),
      ...tokenOperations({ store, users: people, passwords, tokens, families, onReuse }),
      ...taskOperations(tasks(store)),
    ],
    { User: user, Task: task },
  );
  return apiRouter({
    operations,
    callerOf: apiCaller({ tokens, families, isFromElsewhere: (request) => !isSameOrigin(request) }),
    limits: {
      // Read after the body was found sound.
      login: limits.login(({ body }) => foldKey((body as { readonly email: string }).email)),
      register: [limits.register],
      confirm: [limits.confirm],
    },
    sharedWithPages: ["/register"],
    log,
  });
}
