/** The rows of tasks. Every query names the user: nobody reaches anybody else's by its number. */
import { expressionBuilder } from "kysely";
import type { Database, Store } from "../store/index.ts";
import type { Status } from "./task-schemas.ts";

/** Of one person. More is no board any more, and would be a burden to everybody. */
export const mostTasks = 1000;

export type Task = {
  readonly id: number;
  readonly title: string;
  readonly description: string | null;
  readonly status: Status;
  /** Its user's, where there is one. */
  readonly email: string | null;
};

export type TaskChange = { readonly title?: string; readonly description?: string; readonly status?: Status };

export type Tasks = {
  /** From above in each column; columns in no order. */
  readonly list: (user: number) => Promise<readonly Task[]>;
  readonly find: (user: number, id: string) => Promise<Task | undefined>;
  /** At the end of its column. `undefined` when the user has {@link mostTasks} already. */
  readonly add: (
    user: number,
    task: { readonly title: string; readonly description?: string | undefined; readonly status: Status },
  ) => Promise<Task | undefined>;
  /** One that changes its column goes to the end of the other one. `false` when there is no such task of this user's. */
  readonly change: (user: number, id: string, change: TaskChange) => Promise<boolean>;
  /** `false` likewise. */
  readonly remove: (user: number, id: string) => Promise<boolean>;
};

export function tasks({ db }: Pick<Store, "db">, now: () => number = Date.now): Tasks {
  const of = (user: number) =>
    db
      .selectFrom("tasks")
      .leftJoin("identities", (join) =>
        join.onRef("identities.user_id", "=", "tasks.user_id").on("identities.kind", "=", "email"),
      )
      .select(["tasks.id", "tasks.title", "tasks.description", "tasks.status", "identities.shown as email"])
      .where("tasks.user_id", "=", user)
      .orderBy("tasks.position")
      .orderBy("tasks.id");
  const find = async (user: number, id: string): Promise<Task | undefined> => {
    const number = idOf(id);
    return number === undefined ? undefined : of(user).where("tasks.id", "=", number).executeTakeFirst();
  };
  return {
    list: (user) => of(user).execute(),
    find,
    async add(user, { title, description, status }) {
      const { count } = await db
        .selectFrom("tasks")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("user_id", "=", user)
        .executeTakeFirstOrThrow();
      if (count >= mostTasks) return undefined;
      const { id } = await db
        .insertInto("tasks")
        .values({
          user_id: user,
          title,
          description: description ?? null,
          status,
          position: behind(user, status),
          created: now(),
          edited: null,
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      return find(user, String(id));
    },
    async change(user, id, change) {
      const number = idOf(id);
      if (number === undefined) return false;
      const { title, description, status } = change;
      const { numUpdatedRows } = await db
        .updateTable("tasks")
        .set({
          edited: now(),
          ...(title !== undefined && { title }),
          ...(description !== undefined && { description }),
        })
        .where("user_id", "=", user)
        .where("id", "=", number)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      if (status !== undefined) {
        await db
          .updateTable("tasks")
          .set({ status, position: behind(user, status) })
          .where("user_id", "=", user)
          .where("id", "=", number)
          .where("status", "!=", status)
          .execute();
      }
      return true;
    },
    async remove(user, id) {
      const number = idOf(id);
      if (number === undefined) return false;
      const { numDeletedRows } = await db
        .deleteFrom("tasks")
        .where("user_id", "=", user)
        .where("id", "=", number)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

/** The place behind the last one of a column, as a part of the statement that takes it. */
function behind(user: number, status: Status) {
  const expression = expressionBuilder<Database>();
  const last = expression
    .selectFrom("tasks as others")
    .select(({ fn }) => fn.coalesce(fn.max("others.position"), expression.lit(0)).as("last"))
    .where("others.user_id", "=", user)
    .where("others.status", "=", status);
  return expression(last, "+", 1).$notNull();
}

/** Ids are text outside, and only those that we have given out. */
function idOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
