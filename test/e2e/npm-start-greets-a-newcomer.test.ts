/** `npm ci && npm start`, and everything it prints can be typed. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { checkout, type Checkout } from "../support/checkout.ts";
import { runProcess, type RunningProcess } from "../support/running-process.ts";

const shell = promisify(execFile);

function start({ folder, appPort }: Checkout, scope: TestContext): RunningProcess {
  return runProcess(scope, [join(folder, "scripts", "start.ts")], { SALLYPORT_APP_PORT: String(appPort) });
}

async function says(running: RunningProcess, text: string): Promise<void> {
  const ended = running.exited.then((code) => {
    throw new Error(`it ended with ${String(code)}: ${running.stderr()}`);
  });
  ended.catch(() => undefined);
  for (let tries = 0; !running.lines.some((line) => line.includes(text)); tries += 1) {
    assert.ok(tries < 200, `"${text}" was not printed: ${running.lines.join("\n")}\n${running.stderr()}`);
    await Promise.race([wait(100), ended]);
  }
}

async function typed(running: RunningProcess): Promise<string[]> {
  const lines = running.lines.map((line) => line.trim()).filter((line) => line.startsWith("curl "));
  return Promise.all(lines.map(async (line) => (await shell("sh", ["-c", `${line} --silent`])).stdout));
}

void it("makes certificates, starts both, prints what works, stops on Ctrl-C, and reuses the certificates", async (t) => {
  const tree = await checkout(t);
  const running = start(tree, t);
  await says(running, "Ctrl-C stops both");
  assert.ok(running.lines.some((line) => line.startsWith("Made 4 certificates")));
  const [grace, cecilia, nobody] = await typed(running);
  assert.equal(grace, "Hello Grace Hopper!\n");
  assert.equal(cecilia, "Hello Cecilia Payne!\n");
  assert.match(nobody ?? "", /"code": "certificate-missing"/);
  assert.equal((await stat(join(tree.folder, ".run", "backend.secret"))).mode & 0o777, 0o600);
  running.signal("SIGINT");
  assert.equal(await running.exited, 0);
  assert.equal(running.stderr(), "");

  const again = start(tree, t);
  await says(again, "Ctrl-C stops both");
  assert.ok(again.lines.some((line) => line.startsWith("Using the certificates")));
  assert.equal(await again.stop(), 0);
});

void it("says in one sentence, and exits with 1, when a port is taken, and leaves no process behind", async (t) => {
  const tree = await checkout(t);
  for (const port of [tree.gatewayPort, tree.appPort]) {
    const thief = createServer().listen(port, "127.0.0.1");
    await once(thief, "listening");
    const running = start(tree, t);
    assert.equal(await running.exited, 1);
    thief.close();
    assert.match(running.stderr(), new RegExp(`^.*${port}.* is taken by another p.*\n$`));
  }
});

void it("says in one sentence, and exits with 1, when a file cannot be used", async (t) => {
  const tree = await checkout(t);
  const first = start(tree, t);
  await says(first, "Ctrl-C stops both");
  await first.stop();
  const key = join(tree.folder, "certs", "flask-local", "server.key");
  await rm(key);
  await chmod(join(tree.folder, "certs", "flask-local"), 0o700);
  const running = start(tree, t);
  assert.equal(await running.exited, 1);
  assert.match(running.stderr(), /^.*server\.key.*\n$/);
  assert.doesNotMatch(running.stderr(), /\n {4}at /);
});
