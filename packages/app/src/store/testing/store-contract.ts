/** What every engine of the store does alike. One suite, run on each: SQLite beside it, PostgreSQL in test/integration. */
import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { foldKey, migrateDown, migrateUp, Taken, type Store } from "../index.ts";

/** @param open a store of its own for each test, empty and without tables, closed by the suite */
export function storeContract(open: (context: TestContext) => Promise<Store> | Store): void {
  const empty = async (context: TestContext): Promise<Store> => {
    const store = await open(context);
    context.after(() => store.close());
    return store;
  };
  const migrated = async (context: TestContext): Promise<Store> => {
    const store = await empty(context);
    await migrateUp(store);
    return store;
  };

  it("makes its tables once, takes them back, and makes them again", async (context) => {
    const store = await empty(context);
    assert.ok((await migrateUp(store)).length > 0);
    assert.deepEqual(await migrateUp(store), []);
    while ((await migrateDown(store)).length > 0);
    await assert.rejects(count(store, "entries"));
    assert.ok((await migrateUp(store)).length > 0);
    assert.equal(await count(store, "entries"), 0);
  });

  it("counts ids up from a number, never hands one out twice, and counts in numbers", async (context) => {
    const store = await migrated(context);
    const first = await person(store, "first");
    const second = await person(store, "second");
    assert.ok(Number.isSafeInteger(first) && second > first);
    await store.db.deleteFrom("users").where("id", "=", second).execute();
    assert.ok((await person(store, "third")) > second);
    assert.equal(await count(store, "users"), 2);
  });

  it("gives rows that are plain objects, with times as they were put in", async (context) => {
    const store = await migrated(context);
    const id = await person(store, "Zoë 山田 🙂", 1_764_500_000_123);
    const row = await store.db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    assert.deepEqual(row, { id, name: "Zoë 山田 🙂", name_key: "zoë 山田 🙂", created: 1_764_500_000_123 });
  });

  it("says which rule is in the way of a value, and is none the worse for it", async (context) => {
    const store = await migrated(context);
    const id = await person(store, "first");
    await entry(store, id, "A Title");
    await assert.rejects(entry(store, id, "a  TITLE"), taken("entries", "title_key"));
    await identity(store, id, "username", "x");
    await identity(store, id, "email", "x");
    await assert.rejects(identity(store, id, "username", "x"), taken("identities", "kind", "key"));
    const token = {
      jti_hash: "h",
      user_id: id,
      family: "f",
      issued: 1,
      expires: 2,
      used: null,
      revoked: null,
    };
    await store.db.insertInto("refresh_tokens").values(token).execute();
    await assert.rejects(store.db.insertInto("refresh_tokens").values(token).execute(), taken("refresh_tokens", "jti_hash")); // prettier-ignore
    await entry(store, id, "B");
    assert.equal(await count(store, "entries"), 2);
  });

  it("keeps all of a transaction or nothing", async (context) => {
    const store = await migrated(context);
    const id = await person(store, "first");
    await entry(store, id, "there");
    const half = store.db.transaction().execute(async (db) => {
      await entry({ ...store, db }, id, "one");
      await entry({ ...store, db }, id, "there");
    });
    await assert.rejects(half, Taken);
    assert.equal(await count(store, "entries"), 1);
    await entry(store, id, "one");
  });

  it("lets nobody in between the queries of a transaction", async (context) => {
    const store = await migrated(context);
    const id = await person(store, "first");
    await entry(store, id, "counter");
    const addOne = () =>
      store.db.transaction().execute(async (db) => {
        const { body } = await db
          .updateTable("entries")
          .set({ edited: 1 })
          .returning("body")
          .executeTakeFirstOrThrow();
        await db
          .updateTable("entries")
          .set({ body: String((Number(body) || 0) + 1) })
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, addOne));
    const { body } = await store.db.selectFrom("entries").select("body").executeTakeFirstOrThrow();
    assert.equal(body, "20");
  });

  it("of many with the same title at once takes one", async (context) => {
    const store = await migrated(context);
    const id = await person(store, "first");
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => entry(store, id, "the same")));
    assert.equal(tries.filter(({ status }) => status === "fulfilled").length, 1);
    for (const each of tries) if (each.status === "rejected") assert.ok(each.reason instanceof Taken);
    assert.equal(await count(store, "entries"), 1);
  });

  it("takes with a person what is theirs, and keeps nothing of nobody", async (context) => {
    const store = await migrated(context);
    const [first, second] = [await person(store, "first"), await person(store, "second")];
    await entry(store, first, "one");
    await entry(store, second, "two");
    await identity(store, first, "username", "first");
    await store.db.deleteFrom("users").where("id", "=", first).execute();
    assert.deepEqual([await count(store, "entries"), await count(store, "identities")], [1, 0]);
    await assert.rejects(entry(store, first, "of nobody"));
  });

  it("says how many rows it changed", async (context) => {
    const store = await migrated(context);
    const id = await person(store, "first");
    await entry(store, id, "one");
    await entry(store, id, "two");
    const { numUpdatedRows } = await store.db.updateTable("entries").set({ edited: 5 }).executeTakeFirst();
    const { numDeletedRows } = await store.db.deleteFrom("entries").executeTakeFirst();
    assert.deepEqual([Number(numUpdatedRows), Number(numDeletedRows)], [2, 2]);
  });
}

function taken(table: string, ...columns: string[]) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof Taken, String(error));
    assert.deepEqual([error.table, error.columns], [table, columns]);
    return true;
  };
}

async function person({ db }: Store, name: string, created = 1): Promise<number> {
  const row = { name, name_key: foldKey(name), created };
  return (await db.insertInto("users").values(row).returning("id").executeTakeFirstOrThrow()).id;
}

async function entry({ db }: Pick<Store, "db">, userId: number, title: string): Promise<void> {
  await db
    .insertInto("entries")
    .values({ user_id: userId, title, title_key: foldKey(title), body: "text", created: 1, edited: null })
    .execute();
}

async function identity(
  { db }: Store,
  userId: number,
  kind: "username" | "email",
  key: string,
): Promise<void> {
  await db
    .insertInto("identities")
    .values({ user_id: userId, kind, key, shown: key, issuer: null, subject: null, created: 1 })
    .execute();
}

async function count({ db }: Store, table: "users" | "entries" | "identities"): Promise<number> {
  const { rows } = await db.selectFrom(table).select((of) => of.fn.countAll<number>().as("rows")).executeTakeFirstOrThrow(); // prettier-ignore
  assert.equal(typeof rows, "number");
  return rows;
}
