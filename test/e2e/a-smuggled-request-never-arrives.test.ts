import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { connect } from "node:tls";
import { chunks } from "../support/hostile/chunks.ts";
import { framing } from "../support/hostile/framing.ts";
import { pipelines } from "../support/hostile/pipelines.ts";
import { verdictOn } from "../support/hostile/verdict-on.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

test("a smuggled request never arrives", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  const defence = { port: gateway.port, grace: authority.grace, backend };
  for (const hostile of [...framing, ...chunks, ...pipelines]) {
    await t.test(`${hostile.name}: ${hostile.outcome}`, async () => {
      assert.equal(await verdictOn(hostile, defence), undefined);
    });
  }
  await t.test("HTTP/2 is not offered", async () => {
    const agreed = async (protocols: string[]) => {
      const socket = connect({ port: gateway.port, ...authority.grace, rejectUnauthorized: false, ALPNProtocols: protocols });
      socket.on("error", () => undefined);
      await Promise.race([once(socket, "secureConnect"), once(socket, "close")]).catch(() => undefined);
      const { alpnProtocol } = socket;
      socket.destroy();
      return alpnProtocol;
    };
    assert.equal(await agreed(["h2", "http/1.1"]), "http/1.1");
    assert.equal(await agreed(["h2", "http/1.0"]), "http/1.0");
    for (const none of [["h2"], ["h2c"], ["h3"], ["http/0.9", "h2"]]) assert.ok(!(await agreed(none)), none.join());
  }); // prettier-ignore
  await t.test("and nothing of it was a bug to the gateway", () => {
    assert.deepEqual(
      gateway.log.filter(({ level }) => level === "error"),
      [],
    );
    assert.equal(gateway.stderr(), "");
  });
});
