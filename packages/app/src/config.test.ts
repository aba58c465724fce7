import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dialects } from "@sallyport/identity";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./config.ts";
import { secretFile, temporaryFolder } from "./testing/running-app.ts";

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

it("the secret's file alone is enough, and a variable set to nothing counts as left out", (context) => {
  const config = loadConfig({
    SALLYPORT_BACKEND_SECRET_FILE: secretFile(context),
    SALLYPORT_APP_HOST: "",
    SALLYPORT_APP_INSECURE_ANY_HOST: "",
  });
  assert.deepEqual(config.target, { host: "127.0.0.1", port: 5000 });
  assert.equal(config.dialect, "ssl-client");
});

it("every setting is taken", (context) => {
  const file = { SALLYPORT_BACKEND_SECRET_FILE: secretFile(context) };
  const config = loadConfig({ ...file, SALLYPORT_APP_HOST: "::1", SALLYPORT_APP_PORT: "0", SALLYPORT_APP_DIALECT: "mod_ssl-legacy" }); // prettier-ignore
  assert.deepEqual(config.target, { host: "::1", port: 0 });
  assert.equal(config.dialect, "mod_ssl-legacy");
  assert.deepEqual(loadConfig({ ...file, SALLYPORT_APP_SOCKET: "/run/x.sock" }).target, {
    path: "/run/x.sock",
  });
});

it("how long access tokens live is a number of minutes, a day at most", (context) => {
  const file = {
    SALLYPORT_BACKEND_SECRET_FILE: secretFile(context),
    SALLYPORT_APP_DATA: temporaryFolder(context),
  };
  assert.equal(loadConfig(file).accessLifetime, 900);
  assert.equal(loadConfig({ ...file, SALLYPORT_APP_TOKEN_MINUTES: "1440" }).accessLifetime, 86_400);
  for (const wrong of ["0", "1441", "15m", "-1", "1.5"]) {
    assert.deepEqual(problemsOf({ ...file, SALLYPORT_APP_TOKEN_MINUTES: wrong }), [
      `SALLYPORT_APP_TOKEN_MINUTES is "${wrong}"; allowed: a whole number of minutes from 1 to 1440, which is a day`,
    ]);
  }
});

it("the secret before is read from a file as private as the one now", (context) => {
  const file = {
    SALLYPORT_BACKEND_SECRET_FILE: secretFile(context),
    SALLYPORT_APP_DATA: temporaryFolder(context),
  };
  assert.deepEqual(loadConfig(file).previousKeys, []);
  const previous = secretFile(context);
  const { keys, previousKeys } = loadConfig({ ...file, SALLYPORT_APP_PREVIOUS_SECRET_FILE: previous });
  assert.equal(previousKeys.length, 1);
  assert.notDeepEqual(previousKeys[0]?.keyFor("x"), keys.keyFor("x"));
  const open = secretFile(context, undefined, 0o644);
  assert.match(problemsOf({ ...file, SALLYPORT_APP_PREVIOUS_SECRET_FILE: open }).join(), /chmod 600/);
});

it("every dialect that the gateway speaks is understood", (context) => {
  const file = secretFile(context);
  for (const { name } of dialects) {
    const environment = { SALLYPORT_BACKEND_SECRET_FILE: file, SALLYPORT_APP_DIALECT: name };
    assert.equal(loadConfig(environment).dialect, name);
  }
});

it("all problems are told at once: the variable, what was found, what is allowed", () => {
  assert.deepEqual(
    problemsOf({
      SALLYPORT_APP_HOST: "0.0.0.0",
      SALLYPORT_APP_PORT: "65536",
      SALLYPORT_APP_SOCKET: "/run/x.sock",
      SALLYPORT_APP_INSECURE_ANY_HOST: "yes",
      SALLYPORT_APP_DIALECT: "x",
    }),
    [
      'SALLYPORT_APP_PORT is "65536"; allowed: a whole number from 0 to 65535; 0 takes any free port',
      'SALLYPORT_APP_INSECURE_ANY_HOST is "yes"; allowed: 1, or leave it out',
      `SALLYPORT_APP_DIALECT is "x"; allowed: one of ${dialects.map(({ name }) => name).join(", ")}`,
      "SALLYPORT_BACKEND_SECRET_FILE is not set; allowed: the path of the file that holds the gateway's secret",
      'SALLYPORT_APP_HOST is "0.0.0.0"; allowed: 127.0.0.1, ::1 or localhost, so that only this machine reaches the app; to listen elsewhere all the same, set SALLYPORT_APP_INSECURE_ANY_HOST=1',
      'SALLYPORT_APP_SOCKET is "/run/x.sock"; allowed: a socket or SALLYPORT_APP_HOST, not both',
    ],
  );
});

describe("a host that other machines reach is refused", () => {
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "app.test", "127.0.0.1.evil.test", "::ffff:192.0.2.1"]) {
    it(host, (context) => {
      const environment = { SALLYPORT_BACKEND_SECRET_FILE: secretFile(context), SALLYPORT_APP_HOST: host };
      assert.match(problemsOf(environment).join("\n"), /^SALLYPORT_APP_HOST is ".*INSECURE_ANY_HOST=1$/);
      assert.deepEqual(problemsOf({ ...environment, SALLYPORT_APP_INSECURE_ANY_HOST: "1" }), []);
    });
  }
});

it("a secret that others can read is refused with the command to type", (context) => {
  const file = secretFile(context, undefined, 0o644);
  const [problem = ""] = problemsOf({ SALLYPORT_BACKEND_SECRET_FILE: file });
  assert.ok(problem.startsWith("SALLYPORT_BACKEND_SECRET_FILE is "));
  assert.ok(problem.endsWith(`type: chmod 600 ${file}`), problem);
});

it("a socket path that the system cannot hold is refused", (context) => {
  const [problem] = problemsOf({
    SALLYPORT_BACKEND_SECRET_FILE: secretFile(context),
    SALLYPORT_APP_SOCKET: `/${"x".repeat(103)}`,
  });
  assert.match(problem ?? "", /103 bytes at most$/);
});
