/** What systemd hears of the gateway, and what the gateway takes from it, with systemd's own programs. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, type GatewayConfig } from "../support/running-gateway.ts";
import { runProcess } from "../support/running-process.ts";
import { freePort } from "../support/free-port.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { installed } from "./servers/installed.ts";
import { startProgram } from "./servers/program.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const main = join(root, "packages/gateway/src/main.ts");
const listener = `
import socket, sys
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind(sys.argv[1])
print("bound", flush=True)
while True: print("|".join(heard.recv(4096).decode().split()), flush=True)
`;

/** A socket such as systemd gives a service to speak to, and what is said there. */
async function serviceManager(context: TestContext) {
  const socket = join(await tempFolder(context), "notify");
  const heard = await startProgram(context, "/usr/bin/python3", ["-c", listener, socket]);
  await heard.says(/^bound$/m);
  return { socket, says: heard.says };
}

void test("systemd is told how the gateway is", { timeout: 60_000 }, async (context) => {
  await installed("/usr/bin/systemd-notify");
  const authority = await createTestAuthority(context);
  const backend = await recordingBackend(context, ({ target }, socket) => {
    if (target !== "/slow") return okAnswer;
    setTimeout(() => socket.write(okAnswer), 700);
    return undefined;
  });
  const folder = await tempFolder(context);
  const file = join(folder, "gateway.yaml");
  const write = (config: object) => writeFile(file, JSON.stringify(config));
  const config: GatewayConfig = { ...gatewayConfig(authority, backend.port), reloadOnChange: false };
  const slow = "GET /flask/slow HTTP/1.1\r\nHost: localhost\r\n\r\n";

  for (const workers of [1, 2]) {
    await context.test(`${workers === 1 ? "alone" : "with workers"}: ready, reloading and ready again, stopping`, async (t) => {
      const { socket, says } = await serviceManager(t);
      await write({ ...config, workers });
      const gateway = runProcess(t, [main, "serve", "--config", file], { NOTIFY_SOCKET: socket });
      await says(/^READY=1\|STATUS=serving$/m);
      const { port } = await gateway.logged(({ msg }) => msg === "listening");
      gateway.signal("SIGHUP");
      const [, microseconds] = await says(/^RELOADING=1\|MONOTONIC_USEC=(\d+)\|STATUS=reloading$/m);
      const now = Number(process.hrtime.bigint() / 1_000n);
      assert.ok(Math.abs(now - Number(microseconds)) < 10_000_000, "another clock than systemd's");
      await says(/STATUS=reloading$[^]*^READY=1\|STATUS=serving$/m);
      const client = await connectRaw({ port: Number(port), identity: authority.grace });
      client.send(slow);
      await gateway.logged(({ msg }) => msg === "reloaded");
      gateway.signal("SIGTERM");
      await says(/^STOPPING=1\|STATUS=draining$/m);
      assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
      assert.equal(await gateway.exited, 0);
    }); // prettier-ignore
  }

  await context.test("a configuration that is wrong: it is never told that it is ready", async (t) => {
    const { socket, says } = await serviceManager(t);
    await write({ ...config, routes: "none" });
    const gateway = runProcess(t, [main, "serve", "--config", file], { NOTIFY_SOCKET: socket });
    assert.equal(await gateway.exited, 1);
    await run("/usr/bin/systemd-notify", ["STATUS=after"], { env: { NOTIFY_SOCKET: socket } });
    assert.doesNotMatch((await says(/[^]*STATUS=after/))[0], /READY/);
  });

  await context.test(
    "it serves on a socket that it was given by its name, and closes no other",
    async (t) => {
      const port = await freePort();
      const [given] = config["listen"] as readonly object[];
      const activate = (name: string) =>
        startProgram(t, "/usr/bin/systemd-socket-activate", [
          ...["--listen", `127.0.0.1:${port}`, `--fdname=${name}`, "--setenv=PATH"],
          ...[process.execPath, main, "serve", "--config", file],
        ]);
      await write({ ...config, listen: [{ ...given, port: 1, socket: "https" }] });
      const gateway = await activate("https");
      await gateway.says(/Listening on/);
      for (let times = 0; times < 2; times += 1) {
        const client = await connectRaw({ port, identity: authority.grace });
        client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
        client.close();
      }
      const [line] = await gateway.says(/^.*"msg":"listening".*$/m);
      assert.deepEqual(JSON.parse(line), { ...JSON.parse(line), host: "127.0.0.1", port });
    },
  );

  await context.test("a socket that it was not given is named, and so are several of one name", async (t) => {
    const [given] = config["listen"] as readonly object[];
    await write({ ...config, listen: [{ ...given, socket: "https" }] });
    const alone = runProcess(t, [main, "serve", "--config", file]);
    assert.equal(await alone.exited, 1);
    assert.match(alone.stderr(), /listen\.0\.socket: systemd has opened no socket named https {2}-> start it by its \.socket unit/);
    await write({ ...config, workers: 2, listen: [{ ...given, socket: "https" }] });
    const several = runProcess(t, [main, "serve", "--config", file]);
    assert.equal(await several.exited, 1);
    assert.match(several.stderr(), /listen\.0\.socket: several workers cannot have one socket of systemd's {2}-> set workers to 1/);
  }); // prettier-ignore
});

void test("the units are what systemd understands, and leave little open", async (context) => {
  const analyze = await installed("/usr/bin/systemd-analyze");
  const from = join(root, "docker/systemd");
  const folder = await tempFolder(context);
  const units = (await readdir(from)).filter((name) => !name.endsWith(".conf"));
  assert.equal(units.length, 3);
  for (const unit of units) {
    const text = await readFile(join(from, unit), "utf8");
    // Where the code and Node are on this machine.
    await writeFile(join(folder, unit), text.replaceAll("/opt/sallyport", root).replaceAll("/usr/bin/node", process.execPath));
  }
  const files = units.map((unit) => join(folder, unit));
  const { stdout, stderr } = await run(analyze, ["verify", "--man=no", "--recursive-errors=no", ...files]);
  assert.equal(stdout + stderr, "");
  for (const service of files.filter((name) => name.endsWith(".service"))) {
    // The exposure of a service without any of it is 9.6.
    const threshold = ["security", "--offline=true", "--threshold=20", "--no-pager", service];
    await assert.doesNotReject(run(analyze, threshold), `${basename(service)} is more exposed than 2.0`);
  }
}); // prettier-ignore
