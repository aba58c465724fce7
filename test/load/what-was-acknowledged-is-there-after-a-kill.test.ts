/** The app is killed again and again in the middle of a thousand writes: whatever it said it has, it has. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { tokenIn } from "../../packages/app/src/testing/visitor.ts";
import { startAppForVisitors } from "../support/app-for-visitors.ts";
import { tempFolder } from "../support/temp-folder.ts";

const wanted = 1000;
const writers = 8;
const grace = "CN=Grace Hopper,ST=Virginia,C=US";

test("kill -9 takes back nothing that was acknowledged", { timeout: 240_000 }, async (context) => {
  const data = join(await tempFolder(context), "data");
  const acknowledged = new Set<string>();
  const refused: number[] = [];
  let sent = 0;
  let kills = 0;

  /** Writes until it is killed, or there is enough. */
  async function life(): Promise<void> {
    const app = await startAppForVisitors(context, { SALLYPORT_APP_DATA: data });
    const person = app.visit(grace);
    const token = tokenIn((await person.open("/entry")).body) ?? "";
    let isOver = false;
    const until = acknowledged.size + 50 + Math.random() * 150;
    let reach: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const writer = async (): Promise<void> => {
      while (!isOver && acknowledged.size < wanted) {
        const title = `No. ${(sent += 1)}`;
        const entry = `${title} of them, with some text to it. `.repeat(20).trim();
        const answer = await person
          .send("/entry", { title, entry, csrf_token: token })
          .catch(() => undefined);
        if (answer?.status === 302) {
          acknowledged.add(title);
          if (acknowledged.size >= until) reach();
        } else if (answer !== undefined) refused.push(answer.status);
        else return; // the process is gone
      }
    };
    const writing = Promise.all(Array.from({ length: writers }, writer));
    await Promise.race([writing, reached]);
    if (acknowledged.size < wanted) kills += 1;
    isOver = true;
    app.signal("SIGKILL");
    await writing;
    await app.exited;
  }

  while (acknowledged.size < wanted) await life();
  assert.deepEqual(refused, []);
  assert.ok(kills >= 3, `it was killed in the middle ${kills} times only`);

  const store = new DatabaseSync(join(data, "app.sqlite"), { readOnly: true });
  context.after(() => { store.close(); }); // prettier-ignore
  const kept = new Map(store.prepare("select title, body from entries").all().map((row) => [String(row["title"]), String(row["body"])])); // prettier-ignore
  for (const title of acknowledged) {
    assert.equal(kept.get(title), `${title} of them, with some text to it. `.repeat(20).trim(), title);
  }
  // what was on its way when the process died may be there or not, and nothing else
  assert.ok(kept.size - acknowledged.size <= kills * writers);
  assert.deepEqual(store.prepare("pragma integrity_check").all().map((row) => ({ ...row })), [{ integrity_check: "ok" }]); // prettier-ignore
  assert.equal(store.prepare("select count(*) as people from users").get()?.["people"], 1);
});
