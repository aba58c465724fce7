/** Two processes of the app and one Redis: a try at one is a try at the other, and without Redis nobody tries at all. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startAppForVisitors } from "../support/app-for-visitors.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startRedis } from "./servers/redis.ts";

const password = "a nanosecond is this long";

void test("tries are counted in Redis", { timeout: 60_000 }, async (context) => {
  const redis = await startRedis(context);
  const env = { SALLYPORT_APP_DATA: join(await tempFolder(context), "data"), SALLYPORT_APP_REDIS: redis.url };
  const one = await startAppForVisitors(context, env);
  const other = await startAppForVisitors(context, env);
  await one.visit().fillIn("/register", { username: "Ada", password, password2: password });

  await context.test("ten at two processes are ten", async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const { visit } = turn % 2 === 0 ? one : other;
      assert.equal((await visit().fillIn("/login", { username: "Ada", password: "wrong" })).status, 302);
    }
    for (const { visit } of [one, other]) {
      const { status, headers } = await visit().fillIn("/login", { username: "ada", password });
      assert.equal(status, 429);
      assert.ok(Number(headers["retry-after"]) > 800);
    }
  });

  await context.test(
    "without Redis there is no trying, and with it there is again, the scripts forgotten",
    async () => {
      await redis.stop();
      const { status, headers } = await one.visit().fillIn("/login", { username: "Ada", password });
      assert.deepEqual([status, headers["retry-after"]], [503, "10"]);
      // The API needs no session: here it is the counter itself that says no.
      const body = JSON.stringify({ email: "ada@flask.local", password });
      const headersOfJson = { "Content-Type": "application/json" };
      const asked = await fetch(`http://127.0.0.1:${one.port}/api/v1/auth`, { method: "POST", headers: headersOfJson, body }); // prettier-ignore
      assert.equal(asked.status, 503);
      await redis.start();
      // A Redis that has lost everything has forgotten the tries too: that is what a cache may do.
      for (const { visit } of [one, other]) {
        const answers: number[] = [];
        for (let turn = 0; turn < 50 && answers.at(-1) !== 302; turn += 1) {
          const person = visit();
          const { status: shown } = await person.open("/login");
          if (shown === 200)
            answers.push((await person.fillIn("/login", { username: "Ada", password })).status);
          else await new Promise((resolve) => setTimeout(resolve, 100));
        }
        assert.equal(answers.at(-1), 302);
      }
    },
  );
});
