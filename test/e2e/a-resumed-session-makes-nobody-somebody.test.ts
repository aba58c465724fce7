import assert from "node:assert/strict";
import { test } from "node:test";
import { badCertificates } from "../support/bad-certificates.ts";
import { connectRaw, type RawOptions } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import type { Answer } from "../support/split-answers.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";

const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n";

test("a resumed session makes nobody somebody", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const required = await startGateway(t, gatewayConfig(authority, backend.port));
  const optional = await startGateway(
    t,
    gatewayConfig(authority, backend.port, { clients: { presence: "optional" } }),
  );

  const bad = await badCertificates(authority);

  async function visit(
    options: RawOptions,
  ): Promise<{ answer: Answer; session: Buffer | undefined; resumed: boolean }> {
    backend.forget();
    const client = await connectRaw(options);
    client.send(get);
    const [answer] = await client.awaitAnswers(1);
    client.close();
    assert.ok(answer);
    return { answer, session: client.session(), resumed: client.resumed };
  }

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    await t.test(`${version}: Grace resumes as Grace, without showing her certificate again`, async () => {
      const first = await visit({ port: required.port, version, identity: authority.grace });
      assert.equal(first.answer.status, 200);
      for (const identity of [authority.grace, undefined]) {
        const again = await visit({ port: required.port, version, identity, session: first.session });
        assert.ok(again.resumed, "the session was not resumed: this test sees nothing");
        assert.equal(again.answer.status, 200);
        assert.deepEqual(backend.subjectLines(), [["SSL_CLIENT_S_DN", graceSubject]]);
      }
    });

    await t.test(`${version}: an anonymous client that resumes is as anonymous as before`, async () => {
      const first = await visit({ port: required.port, version });
      assert.match(first.answer.text, /certificate-missing/);
      for (const identity of [undefined, authority.grace]) {
        const again = await visit({ port: required.port, version, identity, session: first.session });
        assert.ok(again.resumed, "the session was not resumed: this test sees nothing");
        assert.equal(again.answer.status, 403);
        assert.match(again.answer.text, /certificate-missing/);
      }
    });

    await t.test(
      `${version}: where certificates are optional, resumed anonymity has no subject`,
      async () => {
        const first = await visit({ port: optional.port, version });
        const again = await visit({ port: optional.port, version, session: first.session });
        assert.ok(again.resumed);
        assert.equal(again.answer.status, 200);
        assert.deepEqual(backend.subjectLines(), []);
        assert.match(backend.bytes().toString("latin1"), /\r\nSSL_CLIENT_VERIFY: NONE\r\n/);
      },
    );

    await t.test(`${version}: Grace's session is worth nothing at another gateway`, async () => {
      const first = await visit({ port: required.port, version, identity: authority.grace });
      const elsewhere = await visit({ port: optional.port, version, session: first.session });
      assert.equal(elsewhere.resumed, false);
      assert.deepEqual(backend.subjectLines(), []);
    });

    for (const { name, identity, code } of bad) {
      await t.test(`${version}: a bad certificate stays bad on resumption: ${name}`, async () => {
        const first = await visit({ port: required.port, version, identity });
        assert.match(first.answer.text, new RegExp(code));
        const again = await visit({ port: required.port, version, session: first.session });
        assert.ok(again.resumed, "the session was not resumed: this test sees nothing");
        assert.equal(again.answer.status, 403);
        assert.match(again.answer.text, new RegExp(code));
      });
    }
  }
});
