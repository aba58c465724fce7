import assert from "node:assert/strict";
import { statSync, writeFileSync, readFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { sql } from "kysely";
import { memoryStore, temporaryFolder } from "../testing/running-app.ts";
import { backUp, foldKey, migrateUp, openStore, sessionTable, StoreError, StoreUnavailable, type Store } from "./index.ts"; // prettier-ignore
import { sessionContract } from "./testing/session-contract.ts";
import { storeContract } from "./testing/store-contract.ts";

const quiet = { onTrouble: () => undefined };

const addUser = ({ db }: Store, name: string) =>
  db
    .insertInto("users")
    .values({ name, name_key: foldKey(name), created: 1 })
    .execute();
const names = async ({ db }: Store) =>
  (await db.selectFrom("users").select("name").orderBy("id").execute()).map(({ name }) => name);

describe("SQLite is a store", { concurrency: true }, () => {
  storeContract(() => openStore({ file: ":memory:" }, quiet));
});

describe("its table keeps sessions", { concurrency: true }, () => {
  sessionContract(async (context) => {
    const store = await memoryStore(context);
    for (const name of ["first", "second"]) await addUser(store, name);
    return sessionTable(store.db);
  });
});

describe("SQLite's file", { concurrency: true }, () => {
  it("is made with its folder, for its owner alone, and survives power cuts", async (context) => {
    const file = join(temporaryFolder(context), "deep", "app.sqlite");
    const store = openStore({ file }, quiet);
    context.after(() => store.close());
    await migrateUp(store);
    for (const each of [file, `${file}-wal`]) assert.equal(statSync(each).mode & 0o777, 0o600, each);
    assert.equal(statSync(join(file, "..")).mode & 0o777, 0o700);
    const { rows } = await sql<Record<string, unknown>>`pragma synchronous`.execute(store.db);
    assert.deepEqual(rows, [{ synchronous: 2 }]);
  });

  it("that cannot be opened is named", (context) => {
    const file = join(temporaryFolder(context), "app.sqlite");
    writeFileSync(file, "this is no database, and was never one".repeat(50));
    assert.throws(() => openStore({ file }, quiet), (error) => error instanceof StoreError && error.message.startsWith(`${file} cannot be opened (file is not a database)`)); // prettier-ignore
  });

  it("that somebody else writes to is waited for, without stopping the process, and then given up", async (context) => {
    const file = join(temporaryFolder(context), "app.sqlite");
    const store = openStore({ file }, quiet);
    context.after(() => store.close());
    await migrateUp(store);
    const other = new DatabaseSync(file);
    context.after(() => { other.close(); }); // prettier-ignore
    other.exec("begin immediate");
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 20);
    setTimeout(() => { other.exec("rollback"); }, 300); // prettier-ignore
    await addUser(store, "waited");
    clearInterval(ticking);
    assert.ok(ticks > 1, `the process stood still: ${ticks}`);
    other.exec("begin immediate");
    await assert.rejects(addUser(store, "too late"), (error) => error instanceof StoreUnavailable && error.trouble === "busy"); // prettier-ignore
    assert.deepEqual(await names(store), ["waited"]); // reading goes on
    other.exec("rollback");
    await addUser(store, "later");
    assert.deepEqual(await names(store), ["waited", "later"]);
  });

  it("keeps the transactions of two connections apart, as of two processes", async (context) => {
    const file = join(temporaryFolder(context), "app.sqlite");
    const stores = [openStore({ file }, quiet), openStore({ file }, quiet)];
    context.after(() => Promise.all(stores.map((store) => store.close())));
    const made = await Promise.all(stores.map(migrateUp));
    assert.equal(made.filter((each) => each.length > 0).length, 1, "one made the tables, the other waited");
    await addUser(stores[0] ?? assert.fail(), "0");
    const addOne = (store: Store) =>
      store.db.transaction().execute(async (db) => {
        const { name } = await db.selectFrom("users").select("name").executeTakeFirstOrThrow();
        await new Promise((resolve) => setTimeout(resolve, 1));
        await db
          .updateTable("users")
          .set({ name: String(Number(name) + 1) })
          .execute();
      });
    await Promise.all(stores.flatMap((store) => Array.from({ length: 10 }, () => addOne(store))));
    assert.deepEqual(await names(stores[0] ?? assert.fail()), ["20"]);
  });

  it("on a disk that is full takes no more, loses nothing, and goes on when there is room", async (context) => {
    const file = join(temporaryFolder(context), "app.sqlite");
    const store = openStore({ file }, quiet);
    context.after(() => store.close());
    await migrateUp(store);
    const limit = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(store.db);
    await limit(60);
    const isFull = (error: unknown) => error instanceof StoreUnavailable && error.trouble === "full";
    let kept = 0;
    await assert.rejects(async () => {
      for (; ; kept++) await addUser(store, `${"x".repeat(3000)}${kept}`);
    }, isFull);
    assert.ok(kept > 5);
    const two = store.db.transaction().execute(async (db) => {
      await db.deleteFrom("users").where("name", "like", "%0").execute();
      await addUser({ ...store, db }, "x".repeat(200_000));
    });
    await assert.rejects(two, isFull);
    assert.equal((await names(store)).length, kept);
    await limit(10_000);
    await addUser(store, "there is room");
    assert.equal((await names(store)).length, kept + 1);
  });
});

describe("a backup", { concurrency: true }, () => {
  it("is whole while others write, and overwrites nothing", async (context) => {
    const folder = temporaryFolder(context);
    const [file, copy] = [join(folder, "app.sqlite"), join(folder, "copy.sqlite")];
    const store = openStore({ file }, quiet);
    context.after(() => store.close());
    await migrateUp(store);
    for (let number = 0; number < 50; number++) await addUser(store, `before ${number}`);
    const writing = (async () => {
      for (let number = 0; number < 50; number++) await addUser(store, `during ${number}`);
    })();
    await backUp({ file }, copy);
    await writing;
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    const left = readdirSync(folder).filter((name) => !name.startsWith("app.sqlite"));
    assert.deepEqual(left, ["copy.sqlite"]);
    const restored = openStore({ file: copy }, quiet);
    context.after(() => restored.close());
    assert.deepEqual(await migrateUp(restored), []);
    const found = await names(restored);
    assert.deepEqual(found, (await names(store)).slice(0, found.length));
    assert.ok(found.length >= 50);

    const before = readFileSync(copy);
    await assert.rejects(backUp({ file }, copy), (error) => error instanceof StoreError && error.message === `${copy} is there already: name another file, or remove it.`); // prettier-ignore
    assert.deepEqual(readFileSync(copy), before);
  });

  it("of a file that is broken is no backup: it says so, and leaves nothing", async (context) => {
    const folder = temporaryFolder(context);
    const [file, copy] = [join(folder, "app.sqlite"), join(folder, "copy.sqlite")];
    const store = openStore({ file }, quiet);
    await migrateUp(store);
    for (let number = 0; number < 200; number++) await addUser(store, `${"x".repeat(500)}${number}`);
    await store.close();
    const octets = readFileSync(file);
    octets.fill(0x5a, 100_000, 130_000);
    writeFileSync(file, octets);
    await assert.rejects(backUp({ file }, copy), (error) => error instanceof StoreError && error.message.includes("was not backed up")); // prettier-ignore
    assert.deepEqual(readdirSync(folder).filter((name) => !name.startsWith("app.sqlite")), []); // prettier-ignore
  });

  it("of what is not there, or is a server, says what to do", async (context) => {
    const folder = temporaryFolder(context);
    const copy = join(folder, "copy.sqlite");
    await assert.rejects(backUp({ file: join(folder, "none") }, copy), /none is not there/);
    await assert.rejects(backUp({ url: "postgres://u@h/d", password: undefined }, copy), /type: pg_dump /);
    assert.ok(!existsSync(copy));
  });
});
