/** People who sign in with a password: found, made, changed and removed. */
import { foldKey, type Store } from "../store/index.ts";
import { readings } from "./username.ts";

type Db = Pick<Store, "db">;

export type Person = { readonly id: number; readonly name: string };

/**
 * Whoever signs in by this name: a username, or the e-mail address of an account that was made through the API.
 * @param login {@link foldKey} of what was typed
 * @returns with the hash of the password, and since when it is this one; `undefined` when nobody does
 * @throws StoreUnavailable
 */
export async function findByLogin({ db }: Db, login: string): Promise<(Person & { readonly hash: string; readonly changed: number }) | undefined> {
  return db
    .selectFrom("identities")
    .innerJoin("users", "users.id", "identities.user_id")
    .innerJoin("passwords", "passwords.user_id", "users.id")
    .select(["users.id", "users.name", "passwords.hash", "passwords.changed"])
    .where("identities.kind", "in", ["username", "email"])
    .where("identities.key", "=", login)
    .executeTakeFirst();
} // prettier-ignore

/**
 * Whether somebody is called so already, in any case and spelling, whether by username, by certificate or by e-mail: who
 * could be taken for somebody else by their name does not get it.
 * @throws StoreUnavailable
 */
export async function isNameTaken({ db }: Db, username: string): Promise<boolean> {
  const keys = readings(username).map(foldKey);
  const found = await db.selectFrom("users").select("id").where("name_key", "in", keys).executeTakeFirst();
  return found !== undefined;
}

/** @throws Taken when somebody was quicker @throws StoreUnavailable */
export async function addPerson({ db }: Db, username: string, hash: string): Promise<void> {
  const created = Date.now();
  const key = foldKey(username);
  await db.transaction().execute(async (transaction) => {
    const { id } = await transaction
      .insertInto("users")
      .values({ name: username, name_key: key, created })
      .returning("id")
      .executeTakeFirstOrThrow();
    const identity = { user_id: id, kind: "username" as const, key, shown: username, issuer: null, subject: null, created }; // prettier-ignore
    await transaction.insertInto("identities").values(identity).execute();
    await transaction.insertInto("passwords").values({ user_id: id, hash, changed: created }).execute();
  });
}

/** @returns `undefined` for somebody who has no password @throws StoreUnavailable */
export async function hashOf({ db }: Db, id: number): Promise<string | undefined> {
  const found = await db.selectFrom("passwords").select("hash").where("user_id", "=", id).executeTakeFirst();
  return found?.hash;
}

/** Since when somebody's password is this one. @throws StoreUnavailable */
export async function passwordSince({ db }: Db, id: number): Promise<number | undefined> {
  const found = await db.selectFrom("passwords").select("changed").where("user_id", "=", id).executeTakeFirst(); // prettier-ignore
  return found?.changed;
}

/** The same password, kept in today's way: only where it is still the one that was verified. @throws StoreUnavailable */
export async function keepAnew({ db }: Db, id: number, verified: string, hash: string): Promise<void> {
  await db
    .updateTable("passwords")
    .set({ hash })
    .where("user_id", "=", id)
    .where("hash", "=", verified)
    .execute();
}

/**
 * Another password. All refresh tokens of before are worth nothing from then on.
 * @returns whether it was done: `false` when the password has changed since `verified` was read
 * @throws StoreUnavailable
 */
export async function changePassword({ db }: Db, id: number, verified: string, hash: string): Promise<boolean> {
  const now = Date.now();
  return db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable("passwords")
      .set({ hash, changed: now })
      .where("user_id", "=", id)
      .where("hash", "=", verified)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await transaction
      .updateTable("refresh_tokens")
      .set({ revoked: now })
      .where("user_id", "=", id)
      .where("revoked", "is", null)
      .execute();
    return true;
  });
} // prettier-ignore

/** What somebody owns here. @throws StoreUnavailable */
export async function possessions({ db }: Db, id: number): Promise<{ readonly entries: number; readonly tasks: number }> {
  const count = async (table: "entries" | "tasks") => {
    const { rows } = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll().as("rows"))
      .where("user_id", "=", id)
      .executeTakeFirstOrThrow();
    return Number(rows);
  };
  return { entries: await count("entries"), tasks: await count("tasks") };
} // prettier-ignore

/** The account and everything that belongs to it, at once. @throws StoreUnavailable */
export async function removePerson({ db }: Db, id: number): Promise<void> {
  await db.deleteFrom("users").where("id", "=", id).execute();
}

/** What somebody can prove, to show. @throws StoreUnavailable */
export async function provableBy({ db }: Db, id: number) {
  return db
    .selectFrom("identities")
    .select(["kind", "shown", "issuer", "subject", "created"])
    .where("user_id", "=", id)
    .orderBy("id")
    .execute();
}
