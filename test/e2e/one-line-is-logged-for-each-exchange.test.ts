import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { connectRaw } from "../support/raw-client.ts";
import { ask } from "../support/ask.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";

test("one line is logged for each exchange", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const secret = "s".repeat(64);
  const file = join(authority.folder, "backend.secret");
  await writeFile(file, secret);
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port, { backendSecret: { file } }));
  const { port } = gateway;
  const exchanges = () => gateway.log.filter((line) => "method" in line);

  await t.test("a forwarded one, without its query, which may hold secrets", async () => {
    await ask({ port, identity: authority.grace }, { path: "/flask/x?y=z" });
    const line = await gateway.logged(({ path }) => path === "/flask/x");
    const { time, duration, ...rest } = line;
    assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(typeof duration === "number" && duration > 0 && duration < 5000);
    assert.deepEqual(rest, {
      level: "info",
      method: "GET",
      path: "/flask/x",
      status: 200,
      subject: graceSubject,
      verify: "SUCCESS",
      route: "/flask/",
      bytes: 3,
      address: "127.0.0.1",
    });
  });

  await t.test(
    "a refused one, with the incident that the client was told and the octets it was sent",
    async () => {
      const answer = await ask({ port }, { path: "/flask/refused" });
      const { time, duration, ...rest } = await gateway.logged(({ path }) => path === "/flask/refused");
      assert.ok(time !== undefined && duration !== undefined);
      assert.deepEqual(rest, {
        level: "info",
        method: "GET",
        path: "/flask/refused",
        status: 403,
        subject: null,
        verify: "NONE",
        route: "/flask/",
        bytes: answer.body.length,
        address: "127.0.0.1",
        code: "certificate-missing",
        incident: (JSON.parse(answer.text) as { incident: string }).incident,
      });
    },
  );

  await t.test("what could not be read as a request, with its incident", async () => {
    const client = await connectRaw({ port, identity: authority.grace });
    client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n");
    const [answer] = await client.awaitAnswers(1);
    const { incident } = JSON.parse(answer?.text ?? "") as { incident: string };
    const line = await gateway.logged((line) => line["incident"] === incident);
    assert.equal(line["code"], "request-malformed");
    assert.equal(line["status"], 400);
  });

  const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  const events: readonly (readonly [path: string, lines: readonly string[], status: number])[] = [
    ["/flask/continue", ["Expect: 100-continue"], 200],
    ["/flask/expectation", ["Expect: something"], 417],
    ["/flask/upgrade-refused", ["Connection: Upgrade", "Upgrade: h2c"], 400],
    ["/flask/upgrade-declined", [...upgrade, key], 200],
  ];
  for (const [path, lines, status] of events) {
    await t.test(`whichever of Node's events brought it: ${path}`, async () => {
      assert.equal((await ask({ port, identity: authority.grace }, { path, lines })).status, status);
      const line = await gateway.logged((line) => line["path"] === path);
      assert.equal(line["status"], status);
    });
  }
  await t.test("CONNECT too", async () => {
    const client = await connectRaw({ port, identity: authority.grace });
    client.send("CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n");
    const [answer] = await client.awaitAnswers(1);
    const line = await gateway.logged(({ method }) => method === "CONNECT");
    assert.equal(line["status"], answer?.status);
    client.close();
  });

  await t.test("a client that leaves before its answer", async (t) => {
    const silent = await recordingBackend(t, () => undefined);
    const other = await startGateway(t, gatewayConfig(authority, silent.port));
    const client = await connectRaw({ port: other.port, identity: authority.grace });
    client.send("GET /flask/left HTTP/1.1\r\nHost: localhost\r\n\r\n");
    while (silent.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    client.close();
    const line = await other.logged(({ path }) => path === "/flask/left");
    assert.notEqual(line["status"], 200, "nobody was told 200");
  });

  const names = [
    'x\r\n{"level":"info"}',
    "\x1b[31mred\x1b[0m",
    "\u202egrecaG",
    "\u2066a\u2069",
    "\x07\x00\x7f",
    "Zoë",
    "\u0085\u2028",
    '"}',
  ];
  for (const name of names) {
    await t.test(`a subject ${JSON.stringify(name)} cannot write into the log`, async () => {
      const before = gateway.lines.length;
      const identity = await authority.issue([{ type: "CN", value: name }]);
      const path = `/flask/named/${names.indexOf(name)}`;
      assert.equal((await ask({ port, identity }, { path })).status, 200);
      await gateway.logged((line) => line["path"] === path);
      const written = gateway.lines.slice(before);
      assert.equal(written.length, 1, written.join("\n"));
      assert.match(written[0] ?? "", /^\{[\x20-\x7e]*\}$/);
    });
  }
  await t.test("nor can an unverified one", async () => {
    const other = await createTestAuthority(t);
    const identity = await other.issue([{ type: "CN", value: "x\r\n\x1b[31m\u202e" }]);
    const before = gateway.lines.length;
    assert.equal((await ask({ port, identity }, { path: "/flask/unverified" })).status, 403);
    const line = await gateway.logged(({ path }) => path === "/flask/unverified");
    assert.match(String(line["verify"]), /^FAILED:/);
    assert.equal(gateway.lines.length, before + 1);
    assert.match(gateway.lines.at(-1) ?? "", /^\{[\x20-\x7e]*\}$/);
  });
  await t.test("nor an address, nor a header that could not be read", async () => {
    const options = { port, identity: authority.grace };
    const before = gateway.lines.length;
    await ask(options, { path: '/flask/%0d%0a%1b"}' });
    await ask(options, { path: "/flask/\xff\xe2\x80\xae" });
    await ask(options, { lines: ['X-\x1b\xe2\x80\xae"}: a'] });
    await ask(options, { lines: ["Connection: Upgrade", "Upgrade: \xe2\x80\xae\x9b31m"] });
    await ask(options, { path: "/flask/behind" });
    await gateway.logged(({ path }) => path === "/flask/behind");
    assert.equal(gateway.lines.length, before + 5);
    for (const line of gateway.lines.slice(before)) assert.match(line, /^\{[\x20-\x7e]*\}$/);
  });
  await t.test("as many lines as exchanges", async () => {
    const before = exchanges().length;
    const client = await connectRaw({ port, identity: authority.grace });
    client.send("GET /flask/many HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20));
    await client.awaitAnswers(20);
    client.close();
    await ask({ port, identity: authority.grace }, { path: "/flask/last" });
    await gateway.logged(({ path }) => path === "/flask/last");
    assert.equal(exchanges().length, before + 21);
  });
  await t.test("log.access: false logs none of them", async (t) => {
    const quiet = await startGateway(t, gatewayConfig(authority, backend.port, { log: { access: false } }));
    assert.equal((await ask({ port: quiet.port, identity: authority.grace })).status, 200);
    await quiet.stop();
    assert.deepEqual(
      quiet.log.filter((line) => "method" in line),
      [],
    );
  });
  await t.test("the secret is in none of them", () => {
    assert.ok(backend.bytes().includes(secret), "there was no secret to leak");
    assert.ok(!gateway.lines.join("").includes(secret));
  });
});
