import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const get = (path: string) => `GET /flask${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

async function slowBackend(t: TestContext) {
  return recordingBackend(t, ({ target }, socket) => {
    if (target !== "/slow") return okAnswer;
    setTimeout(() => socket.write(okAnswer), 500);
    return undefined;
  });
}

test("SIGTERM drains", { timeout: 30_000 }, async (t) => {
  const authority = await createTestAuthority(t);

  await t.test(
    "a request in flight is answered, idle connections are closed, nobody new is let in, exit 0",
    async (t) => {
      const backend = await slowBackend(t);
      const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
      const options = { port: gateway.port, identity: authority.grace };
      const idle = await connectRaw(options);
      idle.send(get("/"));
      await idle.awaitAnswers(1);
      const busy = await connectRaw(options);
      busy.send(get("/slow"));
      while (!backend.requests().some(({ target }) => target === "/slow")) await delay(5);
      const started = performance.now();
      gateway.signal("SIGTERM");
      await gateway.logged(({ msg }) => msg === "draining");
      const late = connect(gateway.port, "127.0.0.1");
      const [refused] = (await once(late, "error")) as [NodeJS.ErrnoException];
      assert.match(refused.code ?? "", /^ECONN(?:REFUSED|RESET)$/); // reset, if it came while the port was closing
      const [answer] = await busy.awaitAnswers(1);
      assert.deepEqual([answer?.status, answer?.text], [200, "ok\n"]);
      assert.equal(await gateway.exited, 0);
      assert.ok(performance.now() - started < 3000, "it lingered after the last answer");
      assert.ok(idle.ended());
      assert.ok(gateway.log.some(({ path, status }) => path === "/flask/slow" && status === 200), "the last exchange is not logged"); // prettier-ignore
      assert.equal(gateway.stderr(), "");
    },
  );

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    await t.test(`${signal} with nothing in flight, pooled connections open: exit 0 at once`, async (t) => {
      const backend = await slowBackend(t);
      const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
      const client = await connectRaw({ port: gateway.port, identity: authority.grace });
      client.send(get("/"));
      await client.awaitAnswers(1);
      const started = performance.now();
      gateway.signal(signal);
      assert.equal(await gateway.exited, 0);
      assert.ok(performance.now() - started < 2000, "it lingered");
    });
  }

  await t.test("a second SIGTERM ends it at once", async (t) => {
    const backend = await recordingBackend(t, () => undefined);
    const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
    const client = await connectRaw({ port: gateway.port, identity: authority.grace });
    client.send(get("/"));
    while (backend.requests().length === 0) await delay(5);
    gateway.signal("SIGTERM");
    await gateway.logged(({ msg }) => msg === "draining");
    const started = performance.now();
    gateway.signal("SIGTERM");
    await gateway.exited;
    assert.ok(performance.now() - started < 3000);
  });
});
