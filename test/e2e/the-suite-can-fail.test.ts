import assert from "node:assert/strict";
import { test } from "node:test";
import { forgedNames } from "../support/hostile/forged-names.ts";
import { framing } from "../support/hostile/framing.ts";
import { hopByHop } from "../support/hostile/hop-by-hop.ts";
import { targets } from "../support/hostile/targets.ts";
import { verdictOn } from "../support/hostile/verdict-on.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { startNaiveGateway } from "../support/running-naive-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

/** What the gateway on http-proxy is known to get wrong, and the octets that show it. */
const known: Readonly<Record<string, RegExp>> = {
  "Expect with GET": /the subject line .*Mallory/,
  "upgrade to WebSocket, which the backend declines": /the subject line .*Mallory/,
  "upgrade above the prefix": /the subject line .*Mallory in GET .flask.\.\..admin/,
  "a chunked DELETE whose body is a request": /requests at the backend|belong to no request/,
  "a chunked OPTIONS with Expect": /requests at the backend|belong to no request|subject/,
  "spelled SSL-CLIENT-S-DN": /2 subject lines/,
  "spelled ssl.client.s.dn": /2 subject lines/,
  "spelled HTTP_SSL_CLIENT_S_DN": /2 subject lines/,
  "of the family: SSL_CLIENT_S_DN_CN": /the forged line/,
  "address X-Forwarded-Host: mallory.example": /the forged line/,
  '"/flask/../admin"': /forwarded as GET/,
};

test("a gateway on http-proxy fails the same suite", async (t) => {
  const authority = await createTestAuthority(t);
  const suite = [...forgedNames, ...hopByHop, ...framing, ...targets];
  for (const [name, problem] of Object.entries(known)) {
    await t.test(name, async (t) => {
      const hostile = suite.find((member) => member.name === name);
      assert.ok(hostile, "the suite has no such member");
      // each with a gateway of its own: some of them end it
      const backend = await recordingBackend(t);
      const { port } = await startNaiveGateway(t, authority, backend.port);
      const verdict = await verdictOn(hostile, { port, grace: authority.grace, backend });
      assert.match(verdict ?? "all is well", problem);
    });
  }
  await t.test("and passes what it can do: a plain forged line", async (t) => {
    const backend = await recordingBackend(t);
    const { port } = await startNaiveGateway(t, authority, backend.port);
    const hostile = forgedNames.find(({ name }) => name === "spelled SSL_CLIENT_S_DN");
    assert.ok(hostile);
    assert.equal(await verdictOn(hostile, { port, grace: authority.grace, backend }), undefined);
  });
});
