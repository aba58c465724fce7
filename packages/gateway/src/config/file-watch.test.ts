import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { watchFiles } from "./file-watch.ts";

const interval = 60;
/** Where the test itself has to keep pace with the looks, on a busy machine. */
const leisurely = 250;
/** By when a change has been told: three looks, on a busy machine. */
const soon = interval * 12;

type Watched = {
  folder: string;
  at: (name: string) => string;
  /** Names told so far, one list for each time. */
  told: string[][];
  /** Resolves when so many times something was told. */
  times: (count: number) => Promise<void>;
};

/** @param names those of a fresh folder to watch; `prepare` fills it */
async function watching(
  context: TestContext,
  names: string[],
  prepare: (at: (name: string) => string) => Promise<void>,
  pace = interval,
): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-watch-"));
  const at = (name: string) => join(folder, name);
  await prepare(at);
  const told: string[][] = [];
  const watch = watchFiles(
    () => names.map(at),
    (paths) => told.push([...paths].map((path) => path.slice(folder.length + 1)).sort()),
    pace,
  );
  context.after(async () => {
    watch.close();
    await rm(folder, { recursive: true });
  });
  await watch.ready;
  const times = async (count: number) => {
    for (const end = Date.now() + 5_000; told.length < count && Date.now() < end;) await sleep(10);
    assert.equal(told.length, count);
  };
  return { folder, at, told, times };
}

const put =
  (name: string, text = "one") =>
  (at: (name: string) => string) =>
    writeFile(at(name), text);

describe("a file that is watched", { timeout: 20_000 }, () => {
  it("is told when it is written anew, and once", async (context) => {
    const { at, told, times } = await watching(context, ["a"], put("a"));
    await sleep(soon);
    assert.deepEqual(told, [], "nothing has changed");
    await writeFile(at("a"), "two");
    await times(1);
    await sleep(soon);
    assert.deepEqual(told, [["a"]]);
  });

  it("is told when another is renamed into its place", async (context) => {
    const { at, told, times } = await watching(context, ["a"], put("a"));
    for (const text of ["two", "two"]) {
      await writeFile(at("a.new"), text);
      await rename(at("a.new"), at("a"));
      await times(told.length + 1);
    }
  });

  it("is told when it goes and when it comes back", async (context) => {
    const { at, told, times } = await watching(context, ["a"], put("a"));
    await rm(at("a"));
    await times(1);
    await writeFile(at("a"), "one");
    await times(2);
    assert.deepEqual(told, [["a"], ["a"]]);
  });

  it("may be missing from the start", async (context) => {
    const { at, told, times } = await watching(context, ["a"], () => Promise.resolve());
    await sleep(soon);
    assert.deepEqual(told, []);
    await writeFile(at("a"), "one");
    await times(1);
  });

  it("is told when only its octets change: same size, same modification time", async (context) => {
    const { at, times } = await watching(context, ["a"], put("a"));
    const { atime, mtime } = await stat(at("a"));
    await utimes(at("a"), atime, mtime);
    await times(1);
    await writeFile(at("a"), "eno");
    await utimes(at("a"), atime, mtime);
    await times(2);
  });

  it("is told when a symlink on the way is swapped, as Kubernetes does", async (context) => {
    const { at, told, times } = await watching(context, ["a"], async (at) => {
      for (const version of ["..1", "..2"]) {
        await mkdir(at(version));
        await writeFile(join(at(version), "a"), "same");
        await utimes(join(at(version), "a"), 1, 1);
      }
      await symlink("..1", at("..data"));
      await symlink("..data/a", at("a"));
    });
    await symlink("..2", at("..new"));
    await rename(at("..new"), at("..data"));
    await times(1);
    assert.deepEqual(told, [["a"]]);
  });

  it("is told once, when it has come to rest, however often it is added to", async (context) => {
    const { at, told, times } = await watching(context, ["a"], put("a"), leisurely);
    for (let part = 0; part < 20; part += 1) {
      await appendFile(at("a"), "more");
      await sleep(leisurely / 5);
      assert.deepEqual(told, [], "still growing");
    }
    await times(1);
    await sleep(leisurely * 4);
    assert.equal(told.length, 1);
  });
});

describe("several files", { timeout: 20_000 }, () => {
  it("that change together are told together", async (context) => {
    const { at, told, times } = await watching(
      context,
      ["key", "pem", "other"],
      async (at) => {
        for (const name of ["key", "pem", "other"]) await writeFile(at(name), "one");
      },
      leisurely,
    );
    await writeFile(at("pem"), "two");
    await sleep(leisurely * 1.4);
    await writeFile(at("key"), "two");
    await times(1);
    await sleep(leisurely * 4);
    assert.deepEqual(told, [["key", "pem"]]);
  });

  it("do not wait for one that never comes to rest", async (context) => {
    const { at, times, told } = await watching(context, ["busy", "a"], put("busy"), leisurely);
    const writer = setInterval(() => void appendFile(at("busy"), "more"), leisurely / 5);
    context.after(() => {
      clearInterval(writer);
    });
    await sleep(leisurely * 3);
    assert.deepEqual(told, []);
    await writeFile(at("a"), "two");
    await times(1);
    assert.deepEqual(told, [["a"]]);
    clearInterval(writer);
    await times(2);
  });

  it("may become others: a new one has not changed, one that is left out is told no more", async (context) => {
    const names = ["a"];
    const { at, told, times } = await watching(context, names, async (at) => {
      for (const name of ["a", "b"]) await writeFile(at(name), "one");
    });
    names[0] = "b";
    await sleep(soon);
    await writeFile(at("a"), "two");
    await sleep(soon);
    assert.deepEqual(told, []);
    await writeFile(at("b"), "two");
    await times(1);
    assert.deepEqual(told, [["b"]]);
  });
});

describe("a folder that is watched", { timeout: 20_000 }, () => {
  it("is told by its own name when a file is added, written anew in place, renamed or removed", async (context) => {
    const { at, told, times } = await watching(context, ["lists"], async (at) => {
      await mkdir(at("lists"));
      await writeFile(at("lists/1.crl"), "one");
    });
    await writeFile(at("lists/2.crl"), "one");
    await times(1);
    await writeFile(at("lists/1.crl"), "two");
    await times(2);
    await rename(at("lists/1.crl"), at("lists/3.crl"));
    await times(3);
    await rm(at("lists/2.crl"));
    await times(4);
    await rm(at("lists"), { recursive: true });
    await times(5);
    assert.deepEqual(new Set(told.flat()), new Set(["lists"]));
  });
});

describe("a watch", { timeout: 20_000 }, () => {
  it("tells nothing after it was closed, not even what it had seen", async (context) => {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-watch-"));
    context.after(() => rm(folder, { recursive: true }));
    const told: unknown[] = [];
    const watch = watchFiles(
      () => [folder],
      (paths) => told.push(paths),
      interval,
    );
    await watch.ready;
    await writeFile(join(folder, "a"), "one");
    await sleep(interval * 1.2);
    watch.close();
    await sleep(soon);
    assert.deepEqual(told, []);
  });
});
