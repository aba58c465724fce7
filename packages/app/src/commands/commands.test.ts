import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { ConfigError } from "../config-error.ts";
import { loadStoreConfig } from "../config.ts";
import { openStore, StoreError } from "../store/index.ts";
import { temporaryFolder } from "../testing/running-app.ts";
import { runningProcess } from "../testing/running-process.ts";
import { backup } from "./backup.ts";
import { migrate } from "./migrate.ts";
import { seedDemo } from "./seed-demo.ts";

describe("commands", { concurrency: true }, () => {
  it("migrate brings the tables up and down, and says what it did", async (context) => {
    const config = loadStoreConfig({ SALLYPORT_APP_DATA: temporaryFolder(context) });
    const up = await migrate("up", config);
    assert.match(up[0] ?? "", /^0001-people-journal-tasks was made in .*app\.sqlite$/);
    assert.match((await migrate("up", config)).join(), /^.*app\.sqlite is as it should be: nothing to do\.$/);
    for (const name of up.toReversed()) {
      assert.equal((await migrate("down", config)).join(), name.replace("was made", "was taken back"));
    }
  });

  it("a store that a newer version has used is refused, and stays as it is", async (context) => {
    const config = loadStoreConfig({ SALLYPORT_APP_DATA: temporaryFolder(context) });
    await migrate("up", config);
    const file = "file" in config.store ? config.store.file : "";
    const database = new DatabaseSync(file);
    database.exec("insert into kysely_migration values ('9999-of-tomorrow', '2026-01-01T00:00:00.000Z')");
    database.close();
    await assert.rejects(migrate("up", config), (error) => {
      assert.ok(error instanceof StoreError);
      assert.match(
        error.message,
        /9999-of-tomorrow.*A store that a newer version has used wants that version\.$/s,
      );
      return true;
    });
  });

  it("seed-demo makes the user test and two entries, once", async (context) => {
    const config = loadStoreConfig({ SALLYPORT_APP_DATA: temporaryFolder(context) });
    assert.match((await seedDemo("a hash", config)).join(), /holds the user "test" and 2 entries\.$/);
    const store = openStore(config.store, { onTrouble: () => undefined });
    context.after(() => store.close());
    const entries = await store.db.selectFrom("entries").innerJoin("users", "users.id", "user_id").select(["title", "name"]).orderBy("entries.id").execute(); // prettier-ignore
    assert.deepEqual(entries, [{ title: "Test", name: "test" }, { title: "Two", name: "test" }]); // prettier-ignore
    await assert.rejects(seedDemo("a hash", config), /already\. Nothing was changed\.$/);
  });

  it("backup says what it made, and how to go back to it", async (context) => {
    const folder = temporaryFolder(context);
    const config = loadStoreConfig({ SALLYPORT_APP_DATA: folder });
    await migrate("up", config);
    const copy = join(folder, "copy.sqlite");
    assert.match((await backup(copy, config)).join("\n"), /copy\.sqlite is a whole copy of the store \(\d+ octets\), checked by opening it\.\nTo go back to it: stop the app/); // prettier-ignore
    assert.ok(existsSync(copy));
  });

  for (const [args, said] of [
    [["backup", "copy"], /^.*app\.sqlite is not there\. Look at SALLYPORT_APP_DATA/],
    [["backup"], /^missing required argument 'file'\. See: npm run app -- --help\n$/],
    [["nonsense"], /^too many arguments.*\. See: npm run app -- --help\n$/],
    [["seed-demo"], /TEST_PASSWD is not set/],
  ] as const) {
    it(`npm run app -- ${args.join(" ")}: a sentence, and 1`, async (context) => {
      const { code, stderr } = await runningProcess(context, {}, ...args).exited;
      assert.equal(code, 1);
      assert.match(stderr, said);
    });
  }

  it("a file that is no store is named, and is not touched", async (context) => {
    const file = join(temporaryFolder(context), "letter.txt");
    writeFileSync(file, "Dear Cecilia, ".repeat(100));
    const { code, stderr } = await runningProcess(context, { SALLYPORT_APP_DATABASE: file }, "migrate", "up").exited; // prettier-ignore
    assert.equal(code, 1);
    assert.match(stderr, /^.*letter\.txt cannot be opened \(file is not a database\)\. Look at it: ls -l /);
  });

  it("settings that are wrong are told before anything is opened", () => {
    assert.throws(() => loadStoreConfig({ SALLYPORT_APP_DATABASE: "mysql://x" }), ConfigError);
  });
});
