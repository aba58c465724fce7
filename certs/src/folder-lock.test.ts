import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { locked } from "./folder-lock.ts";
import { scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";

const program = (name: string) => join(import.meta.dirname, "testing", name);

describe("locked", () => {
  let place: Scratch;
  before(() => {
    place = scratch();
  });
  after(() => {
    place.remove();
  });

  it("lets one at a time work, in one process", async () => {
    const folder = join(place.folder, "one");
    let [inside, most] = [0, 0];
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => locked(folder, work)));
    assert.equal(most, 1);
  });

  it("lets one at a time work, in twenty processes", async () => {
    const folder = join(place.folder, "twenty");
    mkdirSync(folder);
    writeFileSync(join(folder, "number"), "0");
    const children = Array.from({ length: 20 }, () =>
      spawn(process.execPath, [program("count-up.ts"), folder], { stdio: ["ignore", "ignore", "inherit"] }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as unknown));
    assert.ok(codes.every((code) => code === 0));
    assert.equal(readFileSync(join(folder, "number"), "utf8"), "20");
  });

  it("takes over from a process that was killed, and clears away what that left half written", async (t) => {
    const folder = join(place.folder, "killed");
    const child = spawn(process.execPath, [program("hold-lock.ts"), folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => child.kill("SIGKILL"));
    await once(child.stdout, "data");
    assert.equal(readdirSync(folder).length, 2);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.deepEqual(await locked(folder, () => Promise.resolve(readdirSync(folder))), ["index.lock"]);
  });

  it("is free again when the work fails", async () => {
    const folder = join(place.folder, "failed");
    await assert.rejects(
      locked(folder, () => Promise.reject(new Error("the work"))),
      /the work/,
    );
    assert.equal(await locked(folder, () => Promise.resolve("free")), "free");
  });

  it("makes a folder that only its owner may look into", async () => {
    const folder = join(place.folder, "new");
    await locked(folder, () => Promise.resolve());
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, "index.lock")).mode & 0o777, 0o600);
  });

  it("says when it cannot write", async () => {
    const file = join(place.folder, "file");
    writeFileSync(file, "");
    chmodSync(file, 0o400);
    await assert.rejects(
      locked(file, () => Promise.resolve()),
      { name: "CertsError", message: /^Cannot write to .*: not a directory\. / },
    );
  });
});
