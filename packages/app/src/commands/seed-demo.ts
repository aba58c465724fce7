/** `seed-demo`: the seed's user `test` with two entries, for trying things out. Never done by itself. */
import type { StoreConfig } from "../config.ts";
import { addEntry } from "../journal/entries.ts";
import { foldKey, migrateUp, openStore, StoreError, Taken } from "../store/index.ts";

const entries = [
  { title: "Test", entry: "This is the first entry.\nIt was made by seed-demo." },
  { title: "Two", entry: "This is the second one." },
] as const;

/**
 * @param hash what is kept of the user's password: `TEST_PASSWD` as the original wrote it, or one of our own
 * @returns what to print
 * @throws StoreError when there is a user `test`, or an entry of that title
 */
export async function seedDemo(hash: string, config: StoreConfig): Promise<readonly string[]> {
  const store = openStore(config.store, { onTrouble: () => undefined });
  try {
    await migrateUp(store);
    await store.db.transaction().execute(async (db) => {
      const created = Date.now();
      const { id } = await db
        .insertInto("users")
        .values({ name: "test", name_key: foldKey("test"), created })
        .returning("id")
        .executeTakeFirstOrThrow();
      await db
        .insertInto("identities")
        .values({
          user_id: id,
          kind: "username",
          key: foldKey("test"),
          shown: "test",
          issuer: null,
          subject: null,
          created,
        }) // prettier-ignore
        .execute();
      await db.insertInto("passwords").values({ user_id: id, hash, changed: created }).execute();
      for (const each of entries) await addEntry({ db }, id, each);
    });
    return [`${store.place} holds the user "test" and ${entries.length} entries.`];
  } catch (error) {
    if (!(error instanceof Taken)) throw error;
    throw new StoreError(`${store.place} holds a user "test" or an entry "Test" or "Two" already. Nothing was changed.`, { cause: error }); // prettier-ignore
  } finally {
    await store.close();
  }
}
