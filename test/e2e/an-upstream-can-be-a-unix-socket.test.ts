import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";

test("an upstream can be a Unix socket, and two of them a group", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const folder = await tempFolder(t);
  const listen = async (name: string) => {
    const path = join(folder, name);
    const server = createServer(({ headers }, response) => {
      response.end(`${name} ${String(headers["ssl_client_s_dn"])} ${String(headers.host)}`);
    }).listen(path);
    await once(server, "listening");
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return `unix:${path}`;
  };
  const [one, two] = [await listen("one"), await listen("two")];
  const routes = [
    { prefix: "/flask/", upstream: one },
    { prefix: "/group/", upstream: { targets: [one, two, `unix:${join(folder, "gone")}`] } },
    { prefix: "/gone/", upstream: `unix:${join(folder, "gone")}` },
  ];
  const { port } = await startGateway(t, { ...gatewayConfig(authority, 1), routes });
  const options = { port, identity: authority.grace };
  assert.equal((await ask(options)).text, `one ${graceSubject} localhost`);
  assert.equal((await ask(options, { path: "/gone/" })).status, 502);
  const answered = new Set<string | undefined>();
  for (let count = 0; count < 9; count += 1) answered.add((await ask(options, { path: "/group/" })).text.split(" ")[0]); // prettier-ignore
  assert.deepEqual(answered, new Set(["one", "two"]));
});
