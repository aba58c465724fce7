import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { newPassphrase, passphraseFrom } from "./passphrase.ts";
import { scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";

describe("passphrase", () => {
  let place: Scratch, file: string;
  before(() => {
    place = scratch();
    file = join(place.folder, "passphrase");
    writeFileSync(file, "a long passphrase\nand more\n");
  });
  after(() => {
    place.remove();
  });

  const found = async (source: Parameters<typeof passphraseFrom>[0]) => {
    const passphrase = passphraseFrom(source);
    return typeof passphrase === "function" ? passphrase("root.key") : passphrase;
  };

  it("comes from a file's first line, else from the environment, else from nobody", async () => {
    assert.equal(await found({ file, environment: "another" }), "a long passphrase");
    assert.equal(await found({ environment: "another" }), "another");
    assert.equal(process.stdin.isTTY ? undefined : await found({}), undefined);
    await assert.rejects(found({ file: `${file}.none` }), /^CertsError: Cannot read the passphrase from /);
  });

  it("has a length when it is new", async () => {
    assert.equal(await newPassphrase({ file }), "a long passphrase");
    await assert.rejects(
      newPassphrase({ environment: "1234567" }),
      /at least 8 characters\. Nothing was written/,
    );
  });
});
