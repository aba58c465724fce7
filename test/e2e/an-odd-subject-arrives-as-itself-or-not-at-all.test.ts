import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { oddSubjects } from "../support/odd-subjects.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { resigned } from "../support/resigned.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSlashForm } from "../support/test-authority.ts";

test("an odd subject arrives as itself or not at all", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const { port } = await startGateway(t, {
    ...gatewayConfig(authority, backend.port),
    routes: [
      { prefix: "/flask/", upstream },
      { prefix: "/legacy/", upstream, identity: ["mod_ssl-legacy"] },
    ],
  });

  await t.test("Grace in the slash form", async () => {
    assert.equal((await ask({ port, identity: authority.grace }, { path: "/legacy/" })).status, 200);
    assert.deepEqual(backend.subjectLines(), [["SSL_CLIENT_S_DN", graceSlashForm]]);
    assert.match(
      backend.bytes().toString("latin1"),
      /\r\nSSL_CLIENT_I_DN: \/C=US\/ST=Virginia\/CN=Test Root\r\n(?:.*\r\n)*SSL_CLIENT_VERIFY: SUCCESS\r\n/,
    );
    assert.match(backend.bytes().toString("latin1"), /\r\nSSL_SERVER_S_DN_OU: Test Unit\r\n/);
  });

  for (const { name, subject, rfc4514, legacy } of oddSubjects) {
    const identity = await authority.issue(subject);
    await t.test(`ssl-client: ${name}`, async () => {
      backend.forget();
      assert.equal((await ask({ port, identity })).status, 200);
      assert.deepEqual(backend.subjectLines(), [["SSL_CLIENT_S_DN", rfc4514]]);
      assert.equal(backend.requests().length, 1);
      assert.deepEqual(backend.leftovers(), []);
    });
    await t.test(`mod_ssl-legacy: ${name} -> ${legacy === undefined ? "refused" : "as it is"}`, async () => {
      backend.forget();
      const answer = await ask({ port, identity }, { path: "/legacy/", lines: ["Accept: text/plain"] });
      if (legacy === undefined) {
        assert.equal(answer.status, 403);
        assert.match(answer.text, /\(subject-ambiguous, incident /);
        assert.equal(backend.bytes().length, 0);
      } else {
        assert.equal(answer.status, 200);
        assert.deepEqual(backend.subjectLines(), [["SSL_CLIENT_S_DN", legacy]]);
      }
    });
  }

  await t.test("no subject at all is no name, also where a client would lend one; or a refusal", async () => {
    const identity = await authority.issue([]);
    const lines = ["SSL_CLIENT_S_DN: CN=Grace Hopper"];
    backend.forget();
    assert.equal((await ask({ port, identity }, { lines })).status, 200);
    assert.deepEqual(backend.subjectLines(), []);
    assert.equal((await ask({ port, identity }, { path: "/legacy/", lines })).status, 403);
  });

  await t.test("a value that is no text is one opaque value, whatever lengths it holds inside", async () => {
    const sequence = Buffer.of(0x30, 0x04, 0x05, 0x00, 0x05, 0x00);
    const subject = [
      { type: "O", value: sequence },
      { type: "CN", value: "Test Subject" },
    ];
    const identity = resigned(await authority.issue(subject), authority.root, (tbs) => {
      tbs.writeUInt8(0x7f, tbs.indexOf(sequence) + 3);
    });
    backend.forget();
    assert.equal((await ask({ port, identity })).status, 200);
    assert.deepEqual(backend.subjectLines(), [["SSL_CLIENT_S_DN", "CN=Test Subject,O=#3004057F0500"]]);
    assert.equal((await ask({ port, identity }, { path: "/legacy/" })).status, 403);
  });

  await t.test("a subject that is too large for a backend's head is refused, never cut", async () => {
    backend.forget();
    const identity = await authority.issue([{ type: "CN", value: "a".repeat(20_000) }]);
    const answer = await ask({ port, identity }, { lines: ["Accept: text/plain"] });
    assert.equal(answer.status, 403);
    assert.match(answer.text, /\(identity-too-large, incident /);
    assert.equal(backend.bytes().length, 0);
  });
});
