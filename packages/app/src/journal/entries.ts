/** The journal's queries. An entry's id ascends in the order of creation. */
import { foldKey, type Store } from "../store/index.ts";
import type { EntryText } from "./entry-form.ts";

export type Entry = {
  readonly id: number;
  readonly user_id: number;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  readonly created: number;
  readonly edited: number | null;
};

/** What stands on one page, in order of creation, and whether there is more on either side. */
export type EntryPage = {
  readonly entries: readonly Entry[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
};

type Db = Pick<Store, "db">;

export const perPage = 20;

/** @param where the entries before or after this id; the latest when left out */
export async function entryPage({ db }: Db, where?: { readonly before: number } | { readonly after: number }): Promise<EntryPage> {
  const isForward = where !== undefined && "after" in where;
  const [side, from] = where === undefined ? [] : "after" in where ? [">" as const, where.after] : ["<" as const, where.before]; // prettier-ignore
  const rows = await db
    .selectFrom("entries")
    .innerJoin("users", "users.id", "entries.user_id")
    .select(["entries.id", "entries.user_id", "users.name as author", "entries.title", "entries.body", "entries.created", "entries.edited"]) // prettier-ignore
    .$if(side !== undefined, (query) => query.where("entries.id", side ?? ">", from ?? 0))
    .orderBy("entries.id", isForward ? "asc" : "desc")
    .limit(perPage + 1) // one more says whether there is more
    .execute();
  const found = rows.slice(0, perPage);
  const isMore = rows.length > perPage;
  // Whoever came from one side can go back to it.
  return isForward
    ? { entries: found, hasOlder: true, hasNewer: isMore }
    : { entries: found.toReversed(), hasOlder: isMore, hasNewer: where !== undefined };
} // prettier-ignore

export async function findEntry({ db }: Db, id: number) {
  return db.selectFrom("entries").select(["id", "user_id", "title", "body"]).where("id", "=", id).executeTakeFirst(); // prettier-ignore
}

/** @throws Taken when somebody's entry has this title */
export async function addEntry({ db }: Db, userId: number, { title, entry }: EntryText): Promise<void> {
  await db
    .insertInto("entries")
    .values({
      user_id: userId,
      title,
      title_key: foldKey(title),
      body: entry,
      created: Date.now(),
      edited: null,
    }) // prettier-ignore
    .execute();
}

/** Changes somebody's own entry, and nobody else's. @throws Taken when another entry has this title */
export async function changeEntry({ db }: Db, id: number, userId: number, { title, entry }: EntryText): Promise<void> {
  await db
    .updateTable("entries")
    .set({ title, title_key: foldKey(title), body: entry, edited: Date.now() })
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .execute();
} // prettier-ignore

/** Deletes somebody's own entry, and nobody else's. */
export async function deleteEntry({ db }: Db, id: number, userId: number): Promise<void> {
  await db.deleteFrom("entries").where("id", "=", id).where("user_id", "=", userId).execute();
}
