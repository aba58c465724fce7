import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { valuesOf } from "../support/message.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

test("an application lives under its prefix", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  let lines: readonly string[] = [];
  const backend = await recordingBackend(t, () =>
    ["HTTP/1.1 302 Found", ...lines, "Content-Length: 0", "", ""].join("\r\n"),
  );
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const { port } = await startGateway(t, {
    ...gatewayConfig(authority, backend.port),
    routes: [
      { prefix: "/flask/", upstream },
      { prefix: "/flask/inner/", upstream: `${upstream}deep/` },
    ],
  });
  const options = { port, identity: authority.grace };

  await t.test("/flask is sent to /flask/ with its query, and the method stays", async () => {
    const answer = await ask(options, { path: "/flask?a=b" });
    assert.deepEqual([answer.status, answer.header("location")], [308, "/flask/?a=b"]);
    assert.equal(backend.connections.length, 0);
  });
  await t.test("the longest prefix wins, and its base path replaces it", async () => {
    await ask(options, { path: "/flask/inner/x?y" });
    await ask(options, { path: "/flask/innermost" });
    assert.deepEqual(backend.requests().map(({ target }) => target), ["/deep/x?y", "/innermost"]); // prettier-ignore
  });
  await t.test("the backend is told where it is mounted, for whom and how", async () => {
    backend.forget();
    await ask(options, { path: "/flask/x" });
    const [request] = backend.requests();
    assert.ok(request);
    const value = (name: string) => valuesOf(request.lines, name);
    assert.deepEqual(value("X-Forwarded-Prefix"), ["/flask"]);
    assert.deepEqual(value("X-Forwarded-For"), ["127.0.0.1"]);
    assert.deepEqual(value("X-Forwarded-Proto"), ["https"]);
    assert.deepEqual(value("X-Forwarded-Host"), ["localhost"]);
    assert.deepEqual(value("Forwarded"), ['for=127.0.0.1;host="localhost";proto=https']);
  });

  const own = `127.0.0.1:${backend.port}`;
  const rewritten: readonly (readonly [line: string, name: string, value: string])[] = [
    ["Location: /x?y#z", "location", "/flask/x?y#z"],
    ["Location: /", "location", "/flask/"],
    ["Location: x/y", "location", "x/y"],
    ["Location: ?page=2", "location", "?page=2"],
    [`Location: http://${own}/x`, "location", "/flask/x"],
    [`Location: http://${own}`, "location", "/flask/"],
    [`Location: //${own}/x`, "location", "/flask/x"],
    ["Location: http://localhost/x", "location", "http://localhost/flask/x"],
    ["Location: https://localhost/x", "location", "https://localhost/flask/x"],
    ["Location: https://elsewhere.example/x", "location", "https://elsewhere.example/x"],
    ["Location: //elsewhere.example/x", "location", "//elsewhere.example/x"],
    ["Location: /flask/x", "location", "/flask/x"],
    ["Content-Location: /x", "content-location", "/flask/x"],
    ["Set-Cookie: a=b; Path=/", "set-cookie", "a=b; Path=/flask/"],
    ["Set-Cookie: a=b; Path=/x; HttpOnly", "set-cookie", "a=b; Path=/flask/x; HttpOnly"],
    ["set-cookie: a=b; path=/; secure", "set-cookie", "a=b; path=/flask/; secure"],
    ["Set-Cookie: a=b", "set-cookie", "a=b"],
    ["Set-Cookie: __Host-a=b; Path=/; Secure", "set-cookie", "__Host-a=b; Path=/; Secure"],
  ];
  for (const [line, name, value] of rewritten) {
    await t.test(`${line.replace(own, "UPSTREAM")} -> ${value}`, async () => {
      lines = [line];
      const answer = await ask(options);
      assert.equal(answer.status, 302);
      assert.deepEqual(valuesOf(answer.lines, name), [value]);
    });
  }
  await t.test("two cookies stay two lines", async () => {
    lines = ["Set-Cookie: a=1; Path=/", "Set-Cookie: b=2; Path=/b"];
    const answer = await ask(options);
    assert.deepEqual(valuesOf(answer.lines, "set-cookie"), ["a=1; Path=/flask/", "b=2; Path=/flask/b"]);
  });
});
