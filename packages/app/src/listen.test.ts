import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { listen, ListenError } from "./listen.ts";
import { get, temporaryFolder } from "./testing/running-app.ts";

function server(context: TestContext, text: string) {
  const made = createServer((_request, response) => {
    response.end(text);
  });
  context.after(() => {
    made.close();
    made.closeAllConnections();
  });
  return made;
}

it("a Unix socket is open to its owner and group alone, and gone after closing", async (context) => {
  const path = join(temporaryFolder(context), "app.sock");
  const made = server(context, "hello");
  assert.equal(await listen(made, { path }), `unix:${path}`);
  assert.equal(lstatSync(path).mode & 0o777, 0o660);
  assert.match((await get({ path }, "/")).body, /hello/);
  await new Promise((resolve) => made.close(resolve));
  assert.equal(existsSync(path), false);
});

it("the process's umask is as it was", async (context) => {
  const before = process.umask(0o027);
  context.after(() => process.umask(before));
  await listen(server(context, ""), { path: join(temporaryFolder(context), "app.sock") });
  assert.equal(process.umask(before), 0o027);
});

it("a socket file that nobody answers on is replaced", async (context) => {
  const path = join(temporaryFolder(context), "app.sock");
  const killed = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", killed]);
  assert.ok(lstatSync(path).isSocket());
  await listen(server(context, "new"), { path });
  assert.match((await get({ path }, "/")).body, /new/);
});

it("a socket that somebody answers on is left alone", async (context) => {
  const path = join(temporaryFolder(context), "app.sock");
  await listen(server(context, "first"), { path });
  await assert.rejects(listen(server(context, "second"), { path }), (error) => {
    assert.ok(error instanceof ListenError);
    assert.match(error.message, /app\.sock is taken: another process answers there/);
    return true;
  });
  assert.match((await get({ path }, "/")).body, /first/);
});

it("a file that is no socket is left alone", async (context) => {
  const path = join(temporaryFolder(context), "app.sock");
  writeFileSync(path, "precious");
  await assert.rejects(listen(server(context, ""), { path }), /is there already and is not a socket/);
  assert.ok(existsSync(path));
});

it("a folder that is not there is told in a sentence", async (context) => {
  const path = join(temporaryFolder(context), "none", "app.sock");
  await assert.rejects(listen(server(context, ""), { path }), ListenError);
});
