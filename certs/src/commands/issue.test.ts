import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { client } from "./client.ts";
import { init } from "./init.ts";
import { server } from "./server.ts";

describe("commands", () => {
  let parent: string, folder: string;
  const password = "password";

  before(async () => {
    parent = mkdtempSync(join(tmpdir(), "commands-"));
    folder = join(parent, "made");
    await init({ folder });
    await client("Grace Hopper", { folder, password });
  });
  after(() => {
    rmSync(parent, { recursive: true });
  });

  const key = () => readFileSync(join(folder, "grace.key"), "utf8");
  const refuses = (made: Promise<unknown>, message: string) =>
    assert.rejects(made, { name: "CertsError", message });

  it("never overwrite a key unless told to", async () => {
    const before = key();
    await refuses(
      init({ folder }),
      `${folder}/root.key is already there, and what it issued would stop being trusted. ` +
        `To replace it all the same: npm run certs -- init --force --out ${folder}`,
    );
    await refuses(
      client("Grace Hopper", { folder, password }),
      `${folder}/grace.key is already there. ` +
        `To replace it: npm run certs -- client "Grace Hopper" --force --out ${folder}`,
    );
    assert.equal(key(), before);
    await client("Grace Hopper", { folder, password, force: true });
    assert.notEqual(key(), before);
  });

  it("never overwrite each other's files, however close together they are", async () => {
    const options = { folder, password, key: "ec-p256" } as const;
    const both = await Promise.allSettled([1, 2].map(() => client("Test Subject", options)));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  });

  it("never overwrite another person's files, told to or not", async () => {
    const before = key();
    await refuses(
      client("Mallory", { folder, password, name: "grace", force: true }),
      `${folder}/grace.crt belongs to Grace Hopper, not to Mallory. ` +
        `Choose another file name: npm run certs -- client Mallory --name NAME --out ${folder}`,
    );
    assert.equal(key(), before);
  });

  it("name the command that comes first when there is no authority", async () => {
    const none = join(parent, "none");
    await refuses(
      server([], { folder: none }),
      `${none} has no authority yet. Make one: npm run certs -- init --out ${none}`,
    );
  });
});
