import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CertsError } from "./certs-error.ts";
import { isThere, readCertificate, readPrivateKey, shown, writeFiles } from "./store.ts";

describe("store", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "store-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const secret = (path: string, content: string) => ({ path, content, secret: true });

  it("writes secrets for their owner alone, whatever the umask", async () => {
    const umask = process.umask(0);
    try {
      await writeFiles([
        secret(join(folder, "a.key"), "key"),
        { path: join(folder, "a.crt"), content: "certificate", secret: false },
      ]);
    } finally {
      process.umask(umask);
    }
    assert.equal(statSync(join(folder, "a.key")).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "a.crt")).mode & 0o777, 0o644);
  });

  it("replaces a file that others could read by one that they cannot, and a link by a file", async () => {
    const [open, elsewhere, link] = ["open.key", "elsewhere", "link.key"].map((name) => join(folder, name));
    assert.ok(open && elsewhere && link);
    writeFileSync(open, "old", { mode: 0o666 });
    writeFileSync(elsewhere, "untouched");
    symlinkSync(elsewhere, link);
    await writeFiles([secret(open, "new"), secret(link, "new")]);
    assert.equal(readFileSync(open, "utf8"), "new");
    assert.equal(statSync(open).mode & 0o777, 0o600);
    assert.equal(readFileSync(link, "utf8"), "new");
    assert.equal(readFileSync(elsewhere, "utf8"), "untouched");
  });

  it("leaves nothing half written behind when it cannot finish", async () => {
    const place = join(folder, "place");
    mkdirSync(join(place, "taken.key", "full"), { recursive: true });
    await assert.rejects(
      writeFiles([secret(join(place, "taken.key"), "key")]),
      (error) => error instanceof CertsError && error.message.startsWith(`Cannot write to ${shown(place)}: `),
    );
    assert.deepEqual(readdirSync(place), ["taken.key"]);
  });

  it("says which folder cannot be made", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await assert.rejects(writeFiles([secret(join(file, "below", "a.key"), "key")]), {
      name: "CertsError",
      message: `Cannot write to ${shown(join(file, "below"))}: not a directory. Choose another folder with --out DIR`,
    });
  });

  it("does not take a place it cannot look at for an empty one", async () => {
    await assert.rejects(
      isThere(join(folder, "x".repeat(300))),
      /^CertsError: Cannot look at .*: name too long\. /,
    );
    assert.equal(await isThere(join(folder, "nothing", "here")), false);
  });

  it("names the file that is missing or holds something else, and the next command", async () => {
    const path = join(folder, "text.pem");
    const missing = join(folder, "missing.pem");
    writeFileSync(path, "hello");
    await assert.rejects(readCertificate(path, "do this"), {
      message: `${shown(path)} is not a certificate. Make it again: do this`,
    });
    await assert.rejects(readPrivateKey(path, "do this"), {
      message: `${shown(path)} is not a private key. Make it again: do this`,
    });
    await assert.rejects(readPrivateKey(missing, "do this"), {
      message: `Cannot read ${shown(missing)}: no such file or directory. Make it again: do this`,
    });
  });
});
