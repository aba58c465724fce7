/** The app on a file system that is full (a tmpfs of its own), and on a file that somebody else has locked. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { startAppForVisitors } from "../support/app-for-visitors.ts";
import { tempFolder } from "../support/temp-folder.ts";

const run = promisify(execFile);
const grace = "CN=Grace Hopper,ST=Virginia,C=US";

void test("a full disk", async (context) => {
  const data = await smallFileSystem(context);
  const app = await startAppForVisitors(context, { SALLYPORT_APP_DATA: data });
  const [writer, reader] = [app.visit(grace), app.visit()];
  const kept: string[] = [];
  const write = async (title: string) => writer.fillIn("/entry", { title, entry: "text ".repeat(200) });
  for (const title of ["One", "Two"]) {
    assert.equal((await write(title)).status, 302);
    kept.push(title);
  }

  await context.test("is said as 503, with what was typed still in the form", async () => {
    fill(join(data, "ballast"));
    let answer = await write("Title 0");
    for (let number = 1; answer.status === 302 && number < 100; number++) {
      kept.push(`Title ${number - 1}`);
      answer = await write(`Title ${number}`);
    }
    assert.deepEqual([answer.status, answer.headers["retry-after"]], [503, "10"]);
    assert.match(answer.body, /It could not be saved just now\. Send it again in a moment\./);
    assert.match(answer.body, /value="Title \d+"[\s\S]*text text text/);
    assert.doesNotMatch(answer.body, /SQLITE|database or disk/);
  });

  await context.test("keeps nobody from reading", async () => {
    const { status, body } = await reader.open("/");
    assert.equal(status, 200);
    assert.ok(body.includes(kept.at(-1) ?? ""));
  });

  await context.test("that has room again takes what is sent again", async () => {
    rmSync(join(data, "ballast"));
    assert.equal((await write("There is room")).status, 302);
    const store = new DatabaseSync(join(data, "app.sqlite"), { readOnly: true });
    const titles = store.prepare("select title from entries order by id").all().map((row) => String(row["title"])); // prettier-ignore
    store.close();
    assert.deepEqual(titles, [...kept, "There is room"]);
    assert.equal(app.stderr(), "");
  });
});

void test("a locked file is said as 503, and waited for before", async (context) => {
  const data = join(await tempFolder(context), "data");
  const app = await startAppForVisitors(context, { SALLYPORT_APP_DATA: data });
  const [writer, reader] = [app.visit(grace), app.visit()];
  assert.equal((await writer.fillIn("/entry", { title: "One", entry: "text" })).status, 302);
  const other = new DatabaseSync(join(data, "app.sqlite"));
  context.after(() => { other.close(); }); // prettier-ignore
  other.exec("begin immediate");
  const began = performance.now();
  const refused = await writer.fillIn("/entry", { title: "Two", entry: "text" });
  assert.deepEqual([refused.status, refused.headers["retry-after"]], [503, "10"]);
  assert.ok(performance.now() - began > 2500, "it waited for whoever else writes");
  assert.match(refused.body, /value="Two"/);
  assert.equal((await reader.open("/")).status, 200);
  other.exec("rollback");
  assert.equal((await writer.fillIn("/entry", { title: "Two", entry: "text" })).status, 302);
});

/** A folder of two megabytes. */
async function smallFileSystem(context: TestContext): Promise<string> {
  // hooks run in the order in which they were set: the folder cannot go before the file system has gone
  const mounted: string[] = [];
  context.after(async () => {
    for (const place of mounted) await run("/bin/umount", ["--lazy", place]);
  });
  const place = join(await tempFolder(context), "data");
  await mkdir(place);
  try {
    await run("/bin/mount", ["-t", "tmpfs", "-o", "size=2m,mode=0700", "sallyport-integration", place]);
  } catch (error) {
    throw new Error("No file system could be mounted. Run the integration tests as root.", { cause: error });
  }
  mounted.push(place);
  return place;
}

/** Takes all the room that is left. */
function fill(file: string): void {
  const descriptor = openSync(file, "w");
  try {
    for (const size of [65_536, 4096]) for (;;) if (!writes(descriptor, size)) break;
  } finally {
    closeSync(descriptor);
  }
}

function writes(descriptor: number, size: number): boolean {
  try {
    return writeSync(descriptor, Buffer.alloc(size)) === size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return false;
    throw error;
  }
}
