/** TLS 1.2 can be renegotiated, with another certificate: nobody would look at that one as the first was looked at. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { connect } from "node:tls";
import { ask } from "../support/ask.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";

void test("nobody changes certificates on an open connection", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const config = gatewayConfig(authority, backend.port, { clients: { presence: "optional" } });
  const { port, logged, reconfigure, signal, stderr } = await startGateway(t, config);
  const mallory = await authority.issue("Mallory");

  /** @returns what became of it: the new handshake, or the connection's end */
  const renegotiate = async (first: Identity | undefined) => {
    const client = connect({ port, host: "127.0.0.1", maxVersion: "TLSv1.2", rejectUnauthorized: false, ...first });
    client.on("error", () => undefined).resume();
    await once(client, "secureConnect");
    const closed = new Promise<string>((resolve) => {
      client.once("close", () => { resolve("closed"); });
    });
    const renegotiated = new Promise<string>((resolve) => {
      client.renegotiate({ rejectUnauthorized: false }, (error) => { resolve(error ? "refused" : "renegotiated"); });
    });
    const outcome = await Promise.race([renegotiated, closed]);
    client.destroy();
    await closed;
    return outcome;
  }; // prettier-ignore

  for (const [name, first] of [["Mallory", mallory], ["nobody", undefined]] as const) {
    await t.test(`who came as ${name} stays so, or goes`, { timeout: 5_000 }, async () => {
      assert.notEqual(await renegotiate(first), "renegotiated");
    });
  } // prettier-ignore
  await t.test("also behind a reload", async () => {
    await reconfigure({ ...config, contact: "the test desk" });
    signal("SIGHUP");
    await logged(({ msg }) => msg === "reloaded");
    assert.notEqual(await renegotiate(mallory), "renegotiated");
  });
  await t.test("and the gateway goes on", { timeout: 5_000 }, async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await renegotiate(mallory);
    assert.equal((await ask({ port, identity: authority.grace })).status, 200);
    assert.equal(stderr(), "");
  });
});
