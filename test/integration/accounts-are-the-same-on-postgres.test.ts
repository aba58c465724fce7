/** From signing up to leaving for good, with the people in a real PostgreSQL and their sessions beside them. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startAppForVisitors } from "../support/app-for-visitors.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startPostgres } from "./servers/postgres.ts";

const password = "a nanosecond is this long";
const another = "a light year is longer";

void test("accounts are the same on PostgreSQL", { timeout: 60_000 }, async (context) => {
  const postgres = await startPostgres(context);
  const { url } = await postgres.createDatabase();
  const secretFile = join(await tempFolder(context), "app.secret");
  await writeFile(secretFile, randomBytes(32).toString("hex"), { mode: 0o600 });
  const { visit } = await startAppForVisitors(context, {
    SALLYPORT_APP_DATABASE: url,
    SALLYPORT_APP_DATABASE_PASSWORD_FILE: postgres.passwordFile,
    SALLYPORT_APP_SECRET_FILE: secretFile,
  });
  const [ada, elsewhere] = [visit(), visit()];
  const fields = { username: "Ada", password, password2: password };

  await context.test("of five who ask for one name at once, one gets it", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => visit().fillIn("/register", fields)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 200, 302]);
  });

  await context.test("she signs in twice, and a new password ends the other session", async () => {
    for (const person of [ada, elsewhere]) {
      assert.equal((await person.fillIn("/login", { username: "ADA", password })).location, "/");
    }
    assert.equal((await ada.open("/account")).body.split('<li class="card">').length, 3);
    const change = { current: password, password: another, password2: another };
    assert.equal((await ada.fillIn("/account/password", change)).location, "/account");
    assert.equal((await elsewhere.open("/account")).status, 302);
    assert.equal((await ada.open("/account")).status, 200);
  });

  await context.test("Grace's name is taken by her certificate", async () => {
    assert.equal((await visit("CN=Grace Hopper,ST=Virginia,C=US").open("/account")).status, 200);
    const { body } = await visit().fillIn("/register", { ...fields, username: "grace.hopper" });
    assert.match(body, /\[Please use a different username\.\]/);
  });

  await context.test("she leaves, and nothing of hers is left", async () => {
    assert.match((await ada.open("/account/delete")).body, /0 journal entries, 0 tasks/);
    assert.equal((await ada.fillIn("/account/delete", { current: another })).location, "/");
    assert.equal((await ada.open("/account")).status, 302);
    const rows = await postgres.query(url, "select name from users");
    assert.deepEqual(rows, [{ name: "Grace Hopper" }]);
  });
});
