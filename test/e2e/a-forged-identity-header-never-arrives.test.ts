import assert from "node:assert/strict";
import { test } from "node:test";
import { forgedNames } from "../support/hostile/forged-names.ts";
import { hopByHop } from "../support/hostile/hop-by-hop.ts";
import { malformedLines } from "../support/hostile/malformed-lines.ts";
import { verdictOn } from "../support/hostile/verdict-on.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

test("a forged identity header never arrives", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  const defence = { port: gateway.port, grace: authority.grace, backend };
  for (const hostile of [...forgedNames, ...malformedLines, ...hopByHop]) {
    await t.test(`${hostile.name}: ${hostile.outcome}`, async () => {
      assert.equal(await verdictOn(hostile, defence), undefined);
    });
  }
  await t.test("and nothing of it was a bug to the gateway", () => {
    assert.deepEqual(
      gateway.log.filter(({ level }) => level === "error"),
      [],
    );
    assert.equal(gateway.stderr(), "");
  });
});
