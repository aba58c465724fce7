import assert from "node:assert/strict";
import { test } from "node:test";
import { connectRaw, type RawOptions } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const origin = "https://app.example";

test("a preflight needs no certificate, and opens nothing else", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const own =
    "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nVary: Accept\r\nContent-Length: 2\r\n\r\nok";
  const backend = await recordingBackend(t, () => own);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const cors = { origins: [origin], headers: ["X-Token"], expose: ["X-Total"], methods: ["GET", "PUT"] };
  const routes = [
    { prefix: "/flask/", upstream, cors },
    { prefix: "/closed/", upstream },
  ];
  const { port } = await startGateway(t, { ...gatewayConfig(authority, backend.port), routes });
  const send = async (options: RawOptions, method: string, path: string, ...lines: string[]) => {
    const client = await connectRaw(options);
    client.send(`${[`${method} ${path} HTTP/1.1`, "Host: localhost", ...lines].join("\r\n")}\r\n\r\n`);
    const [answer] = await client.awaitAnswers(1, method);
    assert.ok(answer);
    client.close();
    return answer;
  };
  const anonymous = { port };
  const grace = { port, identity: authority.grace };
  const asking = [`Origin: ${origin}`, "Access-Control-Request-Method: PUT"];

  await t.test("of an origin that may: it is told what", async () => {
    for (const options of [anonymous, grace]) {
      const answer = await send(options, "OPTIONS", "/flask/x", ...asking);
      assert.equal(answer.status, 204);
      const lines = ["allow-origin", "allow-credentials", "allow-methods", "allow-headers", "max-age"];
      assert.deepEqual(
        lines.map((name) => answer.header(`access-control-${name}`)),
        [origin, "true", "GET, PUT", "X-Token", "600"],
      );
      assert.equal(answer.header("vary"), "Origin");
      assert.equal(answer.header("content-length"), undefined);
    }
  });
  await t.test("of another origin: it is told nothing", async () => {
    for (const other of ["https://evil.example", "http://app.example", "https://app.example.evil", "null", "HTTPS://APP.EXAMPLE"]) {
      const answer = await send(anonymous, "OPTIONS", "/flask/", `Origin: ${other}`, "Access-Control-Request-Method: GET");
      assert.equal(answer.status, 204);
      assert.deepEqual(answer.lines.filter(([name]) => /^access-control/i.test(name)), [], other);
    }
  }); // prettier-ignore
  await t.test("what is no preflight, and a route without cors, need the certificate as ever", async () => {
    const origins = `Origin: ${origin}`;
    for (const [method, path, ...lines] of [
      ["OPTIONS", "/flask/", origins],
      ["OPTIONS", "/flask/", "Access-Control-Request-Method: PUT"],
      ["GET", "/flask/", ...asking],
      ["POST", "/flask/", ...asking],
      ["OPTIONS", "/closed/", ...asking],
      ["OPTIONS", "/", ...asking],
    ] as const) {
      const answer = await send(anonymous, method, path, ...lines);
      assert.equal(answer.status, 403, `${method} ${path} ${lines.join()}`);
      assert.equal(answer.header("access-control-allow-origin"), undefined);
    }
  });
  await t.test("nothing of all that has reached the upstream", () => {
    assert.equal(backend.bytes().length, 0);
  });
  await t.test("the answer itself may be read by that origin, and by no other", async () => {
    const answer = await send(grace, "GET", "/flask/", `Origin: ${origin}`);
    const allowed = answer.lines.filter(([name]) => /^access-control|^vary/i.test(name));
    assert.deepEqual(allowed, [
      ["Vary", "Accept"],
      ["Vary", "Origin"],
      ["Access-Control-Allow-Origin", origin],
      ["Access-Control-Allow-Credentials", "true"],
      ["Access-Control-Expose-Headers", "X-Total"],
    ]);
    const other = await send(grace, "GET", "/flask/", "Origin: https://evil.example");
    assert.equal(other.header("access-control-allow-origin"), undefined);
    const closed = await send(grace, "GET", "/closed/", `Origin: ${origin}`);
    assert.equal(closed.header("access-control-allow-origin"), "*", "without cors it is the application's");
  });
});
