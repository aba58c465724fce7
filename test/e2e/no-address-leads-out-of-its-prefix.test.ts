import assert from "node:assert/strict";
import { test } from "node:test";
import { targets } from "../support/hostile/targets.ts";
import { verdictOn } from "../support/hostile/verdict-on.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

test("no address leads out of its prefix", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  const defence = { port: gateway.port, grace: authority.grace, backend };
  for (const hostile of targets) {
    await t.test(`${hostile.name}: ${hostile.outcome}`, async () => {
      assert.equal(await verdictOn(hostile, defence), undefined);
    });
  }
});
