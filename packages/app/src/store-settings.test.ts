import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { ConfigError } from "./config-error.ts";
import { loadConfig, loadStoreConfig } from "./config.ts";
import { secretFile, temporaryFolder } from "./testing/running-app.ts";

const long = "0123456789abcdef0123456789abcdef";

function privateFile(context: TestContext, name: string, text: string): string {
  const file = join(temporaryFolder(context), name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function scene(context: TestContext) {
  const data = join(temporaryFolder(context), "data");
  const base = { SALLYPORT_BACKEND_SECRET_FILE: secretFile(context), SALLYPORT_APP_DATA: data };
  const load = (more: Record<string, string> = {}) => loadConfig({ ...base, ...more });
  const problems = (more: Record<string, string>): readonly string[] => {
    try {
      load(more);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  };
  return { data, load, problems };
}

describe("where the app keeps things", () => {
  it("is a file in the data folder, and a secret that is made once", (context) => {
    const { data, load } = scene(context);
    const first = load();
    assert.deepEqual(first.store, { file: join(data, "app.sqlite") });
    assert.equal(first.redis, undefined);
    const secret = join(data, "secret");
    assert.equal(statSync(secret).mode & 0o777, 0o600);
    assert.match(readFileSync(secret, "latin1"), /^[0-9a-f]{64}\n$/);
    assert.deepEqual(load().keys.keyFor("x"), first.keys.keyFor("x"));
    assert.notDeepEqual(first.keys.keyFor("x"), first.keys.keyFor("y"));
    assert.deepEqual(loadStoreConfig({ SALLYPORT_APP_DATA: data }).store, first.store);
  });

  it("can be another file, or a server with its password in a file", (context) => {
    const { data, load } = scene(context);
    assert.deepEqual(load({ SALLYPORT_APP_DATABASE: "elsewhere.sqlite" }).store, {
      file: "elsewhere.sqlite",
    });
    const [password, secret] = [
      privateFile(context, "password", "pass word\n"),
      privateFile(context, "secret", long),
    ];
    const config = loadConfig({
      SALLYPORT_BACKEND_SECRET_FILE: secretFile(context),
      SALLYPORT_APP_DATA: join(data, "none"),
      SALLYPORT_APP_DATABASE: "postgres://app@db.test:5433/journal",
      SALLYPORT_APP_DATABASE_PASSWORD_FILE: password,
      SALLYPORT_APP_SECRET_FILE: secret,
      SALLYPORT_APP_REDIS: "rediss://cache.test",
      SALLYPORT_APP_REDIS_PASSWORD_FILE: password,
    });
    assert.deepEqual(config.store, { url: "postgres://app@db.test:5433/journal", password: "pass word" });
    assert.deepEqual(config.redis, { url: "rediss://cache.test", password: "pass word" });
    assert.ok(!existsSync(join(data, "none")), "nothing is made where nothing is needed");
  });

  it("is refused with every problem at once, and without repeating a password", (context) => {
    const { data, problems } = scene(context);
    const found = problems({
      SALLYPORT_APP_DATABASE: "postgres://app:hunter2@db.test/journal",
      SALLYPORT_APP_REDIS: "http://cache.test",
      SALLYPORT_APP_REDIS_PASSWORD_FILE: join(data, "none"),
      SALLYPORT_APP_SECRET_FILE: privateFile(context, "short", "short"),
      SALLYPORT_APP_DEVELOPMENT: "yes",
    });
    assert.ok(!found.join().includes("hunter2"));
    for (const pattern of [
      /^SALLYPORT_APP_DATABASE is "postgres:\/\/app:\(a password\)@db\.test\/journal"; allowed: .*without a password$/,
      /^SALLYPORT_APP_REDIS is "http:\/\/cache\.test"; allowed: redis:\/\/host:6379, without a password$/,
      /^SALLYPORT_APP_REDIS_PASSWORD_FILE is ".*"; .*none does not exist; put the password there/,
      /^SALLYPORT_APP_SECRET_FILE is ".*"; .*short holds fewer than 32 octets; /,
      /^SALLYPORT_APP_DEVELOPMENT is "yes"; allowed: 1, or leave it out$/,
    ])
      assert.equal(found.filter((problem) => pattern.test(problem)).length, 1, `${String(pattern)}\n${found.join("\n")}`); // prettier-ignore
    assert.equal(found.length, 5);
  });

  it("with a server needs a secret that all processes have", (context) => {
    const { problems } = scene(context);
    const [problem] = problems({ SALLYPORT_APP_DATABASE: "postgres://app@db.test/journal" });
    assert.match(problem ?? "", /^SALLYPORT_APP_SECRET_FILE is not set; allowed: with PostgreSQL, a file that every process of this app has: make a secret: /); // prettier-ignore
  });

  it("that cannot be made is named", (context) => {
    const { problems } = scene(context);
    const [problem] = problems({ SALLYPORT_APP_DATA: "/dev/null/data" });
    assert.match(problem ?? "", /^\/dev\/null\/data\/secret cannot be made \(ENOTDIR\); look at its folder/);
  });
});
