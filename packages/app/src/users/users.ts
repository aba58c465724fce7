/** People who sign in by e-mail address and password, and the rows about them. */
import { foldKey, type Store } from "../store/index.ts";

export type User = {
  readonly id: number;
  readonly name: string;
  /** `null` for an account that a certificate or a username opens. */
  readonly email: string | null;
};

export type UserWithPassword = User & {
  /** `null` where there is no password. */
  readonly hash: string | null;
};

export type UserChange = { readonly name?: string; readonly email?: string; readonly hash?: string };

export type Users = {
  /** @throws Taken when somebody has this address, in any case */
  readonly add: (user: { readonly name: string; readonly email: string; readonly hash: string }) => Promise<number>;
  readonly byEmail: (email: string) => Promise<UserWithPassword | undefined>;
  readonly byId: (id: number) => Promise<UserWithPassword | undefined>;
  /**
   * All of it or nothing. With a new password, every token of the user has ended.
   * @throws Taken when somebody else has the address
   */
  readonly change: (id: number, change: UserChange) => Promise<void>;
  /** The same password, kept in a newer way. */
  readonly rehash: (id: number, was: string, hash: string) => Promise<void>;
  /** With everything that is theirs: entries, tasks, sessions, tokens. */
  readonly remove: (id: number) => Promise<void>;
};

export function users({ db }: Pick<Store, "db">, now: () => number = Date.now): Users {
  const find = () =>
    db
      .selectFrom("users")
      .leftJoin("identities", (join) =>
        join.onRef("identities.user_id", "=", "users.id").on("identities.kind", "=", "email"),
      )
      .leftJoin("passwords", "passwords.user_id", "users.id")
      .select(["users.id", "users.name", "identities.shown as email", "passwords.hash"]);
  return {
    add: ({ name, email, hash }) =>
      db.transaction().execute(async (transaction) => {
        const created = now();
        const { id } = await transaction
          .insertInto("users")
          .values({ name, name_key: foldKey(name), created })
          .returning("id")
          .executeTakeFirstOrThrow();
        const identity = { kind: "email", key: foldKey(email), shown: email, issuer: null, subject: null } as const;
        await transaction
          .insertInto("identities")
          .values({ user_id: id, ...identity, created })
          .execute();
        await transaction.insertInto("passwords").values({ user_id: id, hash, changed: created }).execute();
        return id;
      }),
    byEmail: (email) => find().where("identities.key", "=", foldKey(email)).executeTakeFirst(),
    byId: (id) => find().where("users.id", "=", id).executeTakeFirst(),
    change: (id, { name, email, hash }) =>
      db.transaction().execute(async (transaction) => {
        if (name !== undefined) {
          const named = { name, name_key: foldKey(name) };
          await transaction.updateTable("users").set(named).where("id", "=", id).execute();
        }
        if (email !== undefined) {
          await transaction
            .updateTable("identities")
            .set({ key: foldKey(email), shown: email })
            .where("user_id", "=", id)
            .where("kind", "=", "email")
            .execute();
        }
        if (hash !== undefined) {
          await transaction
            .updateTable("passwords")
            .set({ hash, changed: now() })
            .where("user_id", "=", id)
            .execute();
          await transaction
            .updateTable("refresh_tokens")
            .set({ revoked: now() })
            .where("user_id", "=", id)
            .where("revoked", "is", null)
            .execute();
        }
      }),
    async rehash(id, was, hash) {
      // Unless it was changed meanwhile.
      await db
        .updateTable("passwords")
        .set({ hash })
        .where("user_id", "=", id)
        .where("hash", "=", was)
        .execute();
    },
    async remove(id) {
      await db.deleteFrom("users").where("id", "=", id).execute();
    },
  };
}
