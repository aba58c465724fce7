/** Accounts that an e-mail address opens, and everybody's own record. */
import { foldKey, type Store } from "../../store/index.ts";

export type User = {
  readonly id: number;
  readonly name: string;
  /** `null` for an account that a certificate or a username opens. */
  readonly email: string | null;
};

export type UserChange = {
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly hash: string | undefined;
};

export type Users = {
  /** @throws Taken when somebody has this address, in any case */
  readonly add: (user: {
    readonly name: string;
    readonly email: string;
    readonly hash: string;
  }) => Promise<void>;
  /** With the hash of the password. */
  readonly byEmail: (email: string) => Promise<(User & { readonly hash: string }) | undefined>;
  /** Anybody's, with the hash where there is a password. */
  readonly byId: (id: number) => Promise<(User & { readonly hash: string | null }) | undefined>;
  /**
   * All of it or nothing. With a new password, every token of this user has ended.
   * @param verified the hash that the current password was compared with
   * @returns `false` when the password has changed since
   * @throws Taken when somebody else has the address
   */
  readonly change: (id: number, verified: string, change: UserChange) => Promise<boolean>;
};

export function users({ db }: Pick<Store, "db">, now: () => number = Date.now): Users {
  const all = db
    .selectFrom("users")
    .leftJoin("identities", (join) =>
      join.onRef("identities.user_id", "=", "users.id").on("identities.kind", "=", "email"),
    )
    .select(["users.id", "users.name", "identities.shown as email"]);
  return {
    add: ({ name, email, hash }) =>
      db.transaction().execute(async (transaction) => {
        const created = now();
        const { id } = await transaction
          .insertInto("users")
          .values({ name, name_key: foldKey(name), created })
          .returning("id")
          .executeTakeFirstOrThrow();
        const key = foldKey(email);
        await transaction
          .insertInto("identities")
          .values({ user_id: id, kind: "email", key, shown: email, issuer: null, subject: null, created })
          .execute();
        await transaction.insertInto("passwords").values({ user_id: id, hash, changed: created }).execute();
      }),
    byEmail: (email) =>
      all
        .innerJoin("passwords", "passwords.user_id", "users.id")
        .select("passwords.hash")
        .where("identities.key", "=", foldKey(email))
        .executeTakeFirst(),
    byId: (id) =>
      all
        .leftJoin("passwords", "passwords.user_id", "users.id")
        .select("passwords.hash")
        .where("users.id", "=", id)
        .executeTakeFirst(),
    change: (id, verified, { name, email, hash }) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable("passwords")
          .set(hash === undefined ? { hash: verified } : { hash, changed: now() })
          .where("user_id", "=", id)
          .where("hash", "=", verified)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        if (hash !== undefined) {
          await transaction
            .updateTable("refresh_tokens")
            .set({ revoked: now() })
            .where("user_id", "=", id)
            .where("revoked", "is", null)
            .execute();
        }
        if (email !== undefined) {
          await transaction
            .updateTable("identities")
            .set({ key: foldKey(email), shown: email })
            .where("user_id", "=", id)
            .where("kind", "=", "email")
            .execute();
        }
        if (name !== undefined) {
          await transaction
            .updateTable("users")
            .set({ name, name_key: foldKey(name) })
            .where("id", "=", id)
            .execute();
        }
        return true;
      }),
  };
}
