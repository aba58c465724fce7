/** The contracts of packages/app/src/store on a real PostgreSQL and a real Redis, and the app while they are away. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { migrateUp, openRedis, openStore, sessionRedis, sessionTable, StoreError } from "../../packages/app/src/store/index.ts"; // prettier-ignore
import { sessionContract } from "../../packages/app/src/store/testing/session-contract.ts";
import { storeContract } from "../../packages/app/src/store/testing/store-contract.ts";
import { startAppForVisitors } from "../support/app-for-visitors.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { startPostgres, type RunningPostgres } from "./servers/postgres.ts";
import { startRedis, type RunningRedis } from "./servers/redis.ts";

const quiet = { onTrouble: () => undefined };
const grace = "CN=Grace Hopper,ST=Virginia,C=US";

describe("PostgreSQL and Redis", () => {
  const undo: (() => unknown)[] = [];
  let postgres: RunningPostgres;
  let redis: RunningRedis;
  before(async () => {
    const scope = { after: (each: () => unknown) => undo.unshift(each) };
    [postgres, redis] = await Promise.all([startPostgres(scope), startRedis(scope)]);
  });
  after(async () => {
    for (const each of undo) await each();
  });
  const freshStore = async () => openStore(await postgres.createDatabase(), quiet);

  describe("PostgreSQL is a store", () => {
    storeContract(freshStore);
  });

  describe("its table keeps sessions", () => {
    sessionContract(async (context) => {
      const store = await freshStore();
      context.after(() => store.close());
      await migrateUp(store);
      for (const name of ["first", "second"])
        await store.db.insertInto("users").values({ name, name_key: name, created: 1 }).execute();
      return sessionTable(store.db);
    });
  });

  describe("Redis keeps sessions", () => {
    sessionContract(async (context) => {
      const client = await openRedis({ url: redis.url, password: undefined }, quiet.onTrouble);
      context.after(() => { client.destroy(); }); // prettier-ignore
      await client.flushAll();
      return sessionRedis(client);
    });
  });

  it("eight processes make the tables once", async () => {
    const target = await postgres.createDatabase();
    const stores = Array.from({ length: 8 }, () => openStore(target, quiet));
    const made = await Promise.all(stores.map(migrateUp));
    await Promise.all(stores.map((store) => store.close()));
    assert.equal(made.filter((names) => names.length > 0).length, 1);
  });

  it("a wrong password is told without repeating it", async () => {
    const { url } = await postgres.createDatabase();
    const store = openStore({ url, password: "not the right one" }, quiet);
    await assert.rejects(migrateUp(store), (error) => {
      assert.ok(error instanceof StoreError);
      assert.match(error.message, /password authentication failed/);
      assert.ok(!error.message.includes("not the right one"));
      return true;
    });
    await store.close();
  });

  it("the app answers 503 while one of them is away, stays alive, and goes on when it is back", async (context) => {
    const { app, visit } = await appOnBoth(context);
    const [reader, writer] = [visit(), visit(grace)];
    assert.equal((await writer.fillIn("/entry", { title: "Before", entry: "text" })).status, 302);
    const form = await writer.open("/entry");
    const token = /name="csrf_token" value="([^"]+)"/.exec(form.body)?.[1] ?? "";
    const submit = (title: string) => writer.send("/entry", { title, entry: "text", csrf_token: token });

    await postgres.stop("SIGQUIT");
    for (const { status, headers, body } of [await reader.open("/"), await submit("Away"), await writer.open("/entry")]) {
      assert.deepEqual([status, headers["retry-after"]], [503, "10"]);
      assert.match(body, /The store cannot be reached\./);
      assert.doesNotMatch(body, /ECONNREFUSED|127\.0\.0\.1|sallyport@/);
    }
    assert.equal((await reader.open("/health")).status, 200);
    await postgres.start();
    await waitUntil(async () => (await reader.open("/")).status === 200, () => app.stderr(), 15_000);
    assert.match((await reader.open("/")).body, /Before/);
    assert.equal((await submit("After")).status, 302);

    await redis.stop();
    const { status, headers } = await writer.open("/entry");
    assert.deepEqual([status, headers["retry-after"]], [503, "10"]);
    assert.equal((await reader.open("/")).status, 200, "who has no session needs no Redis");
    await redis.start();
    await waitUntil(async () => (await writer.open("/entry")).status === 200, () => app.stderr(), 15_000);
    assert.equal((await writer.fillIn("/entry", { title: "And after", entry: "text" })).status, 302);
    assert.match((await reader.open("/")).body, /Before[\s\S]*After[\s\S]*And after/);
    assert.equal(app.stderr(), "");
    assert.equal(await app.stop(), 0);
  }); // prettier-ignore

  it("two processes of the app are one: sessions, entries, people", async (context) => {
    const shared = await sharedSettings(context);
    const [one, two] = [await startAppForVisitors(context, shared), await startAppForVisitors(context, shared)];
    const grace1 = one.visit(grace);
    await grace1.fillIn("/entry", { title: "Written here", entry: "text" });
    const grace2 = two.visit(grace);
    grace2.cookie = grace1.cookie;
    const { body } = await grace2.open("/");
    assert.match(body, /Your entry is now live!/, "the flash was kept where both look");
    assert.match(body, /Written here/);
    assert.match(body, />Edit</, "she is the same person");
    const [{ count } = {}] = await postgres.query(shared.SALLYPORT_APP_DATABASE, "select count(*)::int from users");
    assert.equal(count, 1);
    // two first visits at once, by two processes
    await Promise.all([one, two, one, two].map((app) => app.visit("CN=Cecilia Payne").open("/")));
    const [{ count: people } = {}] = await postgres.query(shared.SALLYPORT_APP_DATABASE, "select count(*)::int from users");
    assert.equal(people, 2);
  }); // prettier-ignore

  async function sharedSettings(context: TestContext) {
    const folder = await tempFolder(context);
    const secretFile = join(folder, "app.secret");
    await writeFile(secretFile, "0123456789abcdef0123456789abcdef", { mode: 0o600 });
    const { url, password } = await postgres.createDatabase();
    const passwordFile = join(folder, "password");
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    return {
      SALLYPORT_APP_DATABASE: url,
      SALLYPORT_APP_DATABASE_PASSWORD_FILE: passwordFile,
      SALLYPORT_APP_SECRET_FILE: secretFile,
      SALLYPORT_APP_REDIS: redis.url,
    };
  }

  async function appOnBoth(context: TestContext) {
    const app = await startAppForVisitors(context, await sharedSettings(context));
    return { app, visit: app.visit };
  }
});
