import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, lstatSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  get,
  grace,
  secret,
  secretFile,
  secretLine,
  success,
  temporaryFolder,
} from "./testing/running-app.ts";
import { portOf, runningProcess } from "./testing/running-process.ts";

const second = "the-second-secret-0123456789-abcdef";

describe("the process", { concurrency: true }, () => {
  it("listens, greets, and on SIGTERM closes idle connections and exits 0", async (context) => {
    const app = runningProcess(context, {
      SALLYPORT_APP_PORT: "0",
      SALLYPORT_BACKEND_SECRET_FILE: secretFile(context),
    });
    const listening = await app.line("listening");
    assert.match(listening, /^\{"level":30,.*"address":"http:\/\/127\.0\.0\.1:\d+".*"msg":"listening"\}$/);
    const port = portOf(listening);
    assert.equal((await get({ host: "127.0.0.1", port }, "/", secretLine, success, grace)).body, "Hello Grace Hopper!\n");
    const kept = connect(port, "127.0.0.1");
    kept.write("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");
    await once(kept, "data");
    app.signal("SIGTERM");
    assert.deepEqual(await app.exited, { code: 0, stderr: "" });
  }); // prettier-ignore

  it("takes a head larger than Node's own 16 KiB", async (context) => {
    const app = runningProcess(context, {
      SALLYPORT_APP_PORT: "0",
      SALLYPORT_BACKEND_SECRET_FILE: secretFile(context),
    });
    const port = portOf(await app.line("listening"));
    const answer = await get({ host: "127.0.0.1", port }, "/", `X-Long: ${"x".repeat(24_000)}`, secretLine, success, grace); // prettier-ignore
    assert.equal(answer.body, "Hello Grace Hopper!\n");
  });

  it("rotates the secret on SIGHUP without a gap, and keeps it when the file is broken", async (context) => {
    const file = secretFile(context);
    const app = runningProcess(context, { SALLYPORT_APP_PORT: "0", SALLYPORT_BACKEND_SECRET_FILE: file });
    const port = portOf(await app.line("listening"));
    const greetings = async () => {
      const answers = [secret, second].map((presented) =>
        get({ host: "127.0.0.1", port }, "/", `Sallyport-Secret: ${presented}`, success, grace),
      );
      return (await Promise.all(answers)).map(({ body }) => body.trim());
    };
    writeFileSync(file, second);
    assert.deepEqual(await greetings(), ["Hello Grace Hopper!", "Hello Unauthorized!"]);
    app.signal("SIGHUP");
    await app.line("gateway secret read again");
    assert.deepEqual(await greetings(), ["Hello Grace Hopper!", "Hello Grace Hopper!"]);
    chmodSync(file, 0o644);
    app.signal("SIGHUP");
    assert.match(await app.line("gateway secret not changed"), /chmod 600/);
    assert.deepEqual(await greetings(), ["Hello Grace Hopper!", "Hello Grace Hopper!"]);
    chmodSync(file, 0o600);
    app.signal("SIGHUP");
    await app.line("gateway secret read again");
    assert.deepEqual(await greetings(), ["Hello Unauthorized!", "Hello Grace Hopper!"]);
  });

  it("greets on a Unix socket", async (context) => {
    const path = join(temporaryFolder(context), "app.sock");
    const app = runningProcess(context, {
      SALLYPORT_APP_SOCKET: path,
      SALLYPORT_BACKEND_SECRET_FILE: secretFile(context),
    });
    await app.line(`"address":"unix:${path}"`);
    assert.equal(lstatSync(path).mode & 0o007, 0);
    assert.equal((await get({ path }, "/", secretLine, success, grace)).body, "Hello Grace Hopper!\n");
    assert.equal((await get({ path }, "/", success, grace)).body, "Hello Unauthorized!");
  });
});

describe("the process refuses to start, with sentences and exit 1,", { concurrency: true }, () => {
  it("without a secret and on an open host", async (context) => {
    const app = runningProcess(context, { SALLYPORT_APP_HOST: "0.0.0.0" });
    const { code, stderr } = await app.exited;
    assert.equal(code, 1);
    assert.match(stderr, /^The app cannot start:\n {2}SALLYPORT_BACKEND_SECRET_FILE is not set.*\n {2}SALLYPORT_APP_HOST is "0\.0\.0\.0".*\n$/);
  }); // prettier-ignore

  it("with a secret that others can read", async (context) => {
    const file = secretFile(context, undefined, 0o644);
    const { code, stderr } = await runningProcess(context, { SALLYPORT_BACKEND_SECRET_FILE: file }).exited;
    assert.equal(code, 1);
    assert.ok(stderr.endsWith(`chmod 600 ${file}\n`), stderr);
  });

  it("on a port that is taken", async (context) => {
    const environment = { SALLYPORT_APP_PORT: "0", SALLYPORT_BACKEND_SECRET_FILE: secretFile(context) };
    const port = String(portOf(await runningProcess(context, environment).line("listening")));
    const { code, stderr } = await runningProcess(context, { ...environment, SALLYPORT_APP_PORT: port })
      .exited;
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `127.0.0.1:${port} is taken by another process. See which: ss -ltnp 'sport = :${port}'. Stop it, or choose another SALLYPORT_APP_PORT.\n`,
    );
  });
});
