import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { whyUnreadable } from "./why-unreadable.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-unreadable-"));
after(() => {
  rmSync(folder, { recursive: true });
});
const failed = (code: string) => Object.assign(new Error(code), { code });
const uid = process.getuid?.() ?? -1;

describe("why a file cannot be read", () => {
  it("names who reads, whose it is, and what mends it", () => {
    const file = join(folder, "server.key");
    writeFileSync(file, "");
    chmodSync(file, 0o600);
    assert.deepEqual(whyUnreadable(failed("EACCES"), "server.key", file, ""), {
      what: `may not be read by this user (uid ${uid}): it belongs to uid ${uid} with mode 0600`,
      next: `chown ${uid} server.key && chmod 400 server.key; of a file that is mounted into a container, on its host`,
    });
  });

  it("names the folder where the way to it ends", () => {
    const { what, next } = whyUnreadable(failed("EACCES"), "a/b.key", join(folder, "a", "b", "b.key"), "");
    assert.equal(what, `may not be read by this user (uid ${uid}): the way to it ends at ${folder}`);
    assert.equal(next, `chmod o+x ${folder}`);
  });

  it("says what else it can be", () => {
    const why = (code: string) => whyUnreadable(failed(code), "x.key", "/x.key", "create it");
    assert.deepEqual(why("ENOENT"), { what: "does not exist", next: "create it" });
    assert.deepEqual(why("EISDIR"), { what: "is a folder, not a file", next: "name the file in it" });
    assert.deepEqual(why("EIO"), { what: "cannot be read (EIO)", next: "look at it: ls -l x.key" });
  });
});
