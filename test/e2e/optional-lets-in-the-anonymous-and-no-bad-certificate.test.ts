import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { badCertificates } from "../support/bad-certificates.ts";
import { fold } from "../support/fold.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";

test("presence: optional lets in the anonymous, and no bad certificate", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const { port } = await startGateway(
    t,
    gatewayConfig(authority, backend.port, { clients: { presence: "optional" } }),
  );
  const told = () =>
    backend
      .requests()
      .flatMap(({ lines }) => lines.filter(([name]) => fold(name).startsWith("ssl_client_")))
      .toSorted();

  await t.test("without a certificate: NONE, and no name, whatever the client says of itself", async () => {
    const lines = ["SSL_CLIENT_S_DN: CN=Mallory", "SSL-CLIENT-VERIFY: SUCCESS"];
    assert.equal((await ask({ port }, { lines })).status, 200);
    assert.deepEqual(told(), [["SSL_CLIENT_VERIFY", "NONE"]]);
  });
  await t.test("with a good one: SUCCESS and the name", async () => {
    backend.forget();
    assert.equal((await ask({ port, identity: authority.grace })).status, 200);
    assert.deepEqual(told(), [
      ["SSL_CLIENT_I_DN", "CN=Test Root,ST=Virginia,C=US"],
      ["SSL_CLIENT_S_DN", graceSubject],
      ["SSL_CLIENT_VERIFY", "SUCCESS"],
    ]);
  });
  await t.test(
    "by a listener that asks nobody, whoever has one comes as anonymous as everybody",
    async (t) => {
      const { logged } = await startGateway(t, {
        ...gatewayConfig(authority, backend.port, { clients: { presence: "optional" } }),
        listen: ["mutual", "https"].map((mode) => ({ host: "127.0.0.1", port: 0, mode })),
      });
      const { port } = await logged(({ msg, mode }) => msg === "listening" && mode === "https");
      for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
        backend.forget();
        const options = { port: Number(port), identity: authority.grace, version };
        assert.equal((await ask(options)).status, 200);
        assert.deepEqual(told(), [["SSL_CLIENT_VERIFY", "NONE"]]);
      }
    },
  );
  for (const { name, identity, code } of await badCertificates(authority)) {
    if (identity === undefined) continue;
    await t.test(`with a bad one: ${name} -> ${code}`, async () => {
      backend.forget();
      const answer = await ask({ port, identity }, { lines: ["Accept: text/plain"] });
      assert.equal(answer.status, 403);
      assert.match(answer.text, new RegExp(code));
      assert.equal(backend.bytes().length, 0);
    });
  }
});
