import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it, type TestContext } from "node:test";
import { text } from "node:stream/consumers";
import { makeRoot } from "@sallyport/certs";
import { openRecords } from "./records.ts";
import { grace } from "./testing/grace.ts";
import { tempFolder } from "./testing/temp-folder.ts";

const main = join(import.meta.dirname, "main.ts");

function run(context: TestContext, ...words: readonly string[]) {
  const child = spawn(process.execPath, [main, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  context.after(() => child.kill("SIGKILL"));
  const stderr = text(child.stderr);
  const exited = once(child, "close").then(async ([code]) => ({
    code: code as number | null,
    stderr: await stderr,
  }));
  return { child, exited };
}

/** Everything that `serve` needs, with an encrypted key, on a Unix socket. */
function settings(context: TestContext) {
  const folder = tempFolder(context);
  writeFileSync(join(folder, "passphrase"), "correct horse\n", { mode: 0o600 });
  writeFileSync(join(folder, "backend.secret"), "0".repeat(32), { mode: 0o600 });
  const file = join(folder, "enrolment.yaml");
  const value = {
    address: "https://flask.local/enrol/",
    listen: { socket: "e.sock" },
    backendSecret: { file: "backend.secret" },
    authority: { folder: "certs", passphraseFile: "passphrase" },
    records: "records",
  };
  writeFileSync(file, JSON.stringify(value));
  return { folder, file };
}

describe("the process", { concurrency: true }, async () => {
  await it("listens, names what was interrupted, keeps what it has when a file is broken, and drains on SIGTERM", async (context) => {
    const { folder, file } = settings(context);
    await makeRoot({ folder: join(folder, "certs"), key: "ec-p256", passphrase: "correct horse" });
    const { invitations } = openRecords(join(folder, "records"));
    const { number } = invitations.invite(grace, new Date(Date.now() + 60_000));
    invitations.claim(number, new Date(Date.now() - 200_000));
    invitations.close();
    const { child, exited } = run(context, "serve", "--config", file);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const line = async (wanted: RegExp) => {
      const { value } = await lines.next();
      assert.match(String(value), wanted);
    };
    await line(new RegExp(`"invitation":"${number}".*nobody knows whether it arrived`));
    await line(/"address":"unix:.*e\.sock","msg":"listening"/);
    const socketPath = join(folder, "e.sock");
    assert.equal(lstatSync(socketPath).mode & 0o007, 0);
    const request = get({ socketPath, path: "/health" });
    const [response] = (await once(request, "response")) as [NodeJS.ReadableStream];
    assert.equal(await text(response), '{"status":"ok"}');
    writeFileSync(join(folder, "backend.secret"), "short");
    child.kill("SIGHUP");
    await line(/"level":50.*not everything was read again: .*backend\.secret does not hold/);
    child.kill("SIGTERM");
    await line(/draining/);
    assert.deepEqual(await exited, { code: 0, stderr: "" });
  });

  await it("says in sentences why it does not start", async (context) => {
    const { code, stderr } = await run(context, "serve", "-c", settings(context).file).exited;
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^[^\n]*certs[^\n]* init[^\n]*\n$/);
  });

  await it("explains itself", async (context) => {
    const invited = await run(context, "invite", "Grace Hopper", "--valid", "never").exited;
    assert.equal(invited.code, 1);
    assert.match(invited.stderr, /^option '--valid <time>' argument 'never' is invalid\. It is a number with m, h or d.* See: npm run enrolment -- --help\n$/); // prettier-ignore
  });
});
