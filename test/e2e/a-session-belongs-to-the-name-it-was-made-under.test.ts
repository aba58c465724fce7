/** What only OpenSSL looks at in a handshake (here: name constraints) is not looked at again on resumption. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readElement } from "@sallyport/identity/der";
import { nameOf, tlv, utf8 } from "../../packages/identity/src/testing/der.ts";
import { forPurposes, isAuthority, isNoAuthority, nameConstraints } from "../support/extensions.ts";
import { chained, ecKeys, mint } from "../support/mint.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

/** The session alone. Node's client writes in front of it which name it is for, and would not offer it to another. */
function nameless(session: Buffer | undefined): Buffer {
  assert.ok(session);
  for (let at = 0; at < session.length; at += 1) {
    try {
      return readElement(session.subarray(at)).encoded;
    } catch {
      // not there yet
    }
  }
  return assert.fail("no session in it");
}

void test("a session belongs to the name it was made under", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const root = { cert: authority.root.certificatePem, key: authority.root.privateKeyPem };
  const other = mint({ subject: "Other Root", extensions: [isAuthority()] });
  // One authority under two roots: the other site's says that it speaks for people of the Navy alone.
  const keys = ecKeys();
  const navy = tlv(0xa4, nameOf([[["2.5.4.10", utf8("Navy")]]]));
  const free = mint({ subject: "Bridge", issuer: root, keys, extensions: [isAuthority()] });
  const bound = mint({ subject: "Bridge", issuer: other, keys, extensions: [isAuthority(), nameConstraints("permitted", navy)] }); // prettier-ignore
  const otherFile = join(authority.folder, "other.pem");
  await writeFile(otherFile, other.cert + bound.cert);
  const issue = (subject: Parameters<typeof mint>[0]["subject"]) =>
    mint({ subject, issuer: free, extensions: [isNoAuthority, forPurposes("client")] });
  const grace = chained(issue("Grace Hopper"), free);
  const sailor = chained(issue([[["2.5.4.10", utf8("Navy")]], [["2.5.4.3", utf8("Grace Hopper")]]]), free);

  const routes = [{ prefix: "/flask/", upstream: `http://127.0.0.1:${backend.port}/` }];
  const clients = { authorities: [otherFile], depth: 2 };
  const { port } = await startGateway(
    t,
    gatewayConfig(authority, backend.port, {
      clients: { depth: 2 },
      hosts: [{ names: ["navy.test"], clients, routes }],
    }),
  );
  const visit = async (
    options: Pick<Parameters<typeof connectRaw>[0], "identity" | "version" | "session" | "serverName">,
    host: string,
  ) => {
    const client = await connectRaw({ port, ...options });
    client.send(`GET /flask/ HTTP/1.1\r\nHost: ${host}\r\nAccept: text/plain\r\n\r\n`);
    const [answer] = await client.awaitAnswers(1);
    client.close();
    assert.ok(answer);
    return { status: answer.status, text: answer.text, session: client.session(), resumed: client.resumed };
  };

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    await t.test(`${version}: she is good at one site, and not at the other, whose sailors are`, async () => {
      assert.equal((await visit({ identity: grace, version }, "localhost")).status, 200);
      const refused = await visit({ identity: grace, version, serverName: "navy.test" }, "navy.test");
      assert.match(refused.text, /certificate-untrusted/);
      assert.equal((await visit({ identity: sailor, version, serverName: "navy.test" }, "navy.test")).status, 200); // prettier-ignore
    });
    for (const [serverName, host] of [["navy.test", "navy.test"], ["localhost", "navy.test"], ["", "navy.test"]] as const) {
      await t.test(`${version}: her session is nothing that gets her in there, by the name "${serverName}"`, async () => {
        const { session } = await visit({ identity: grace, version }, "localhost");
        backend.forget();
        for (const identity of [grace, undefined]) {
          const options = { identity, version, serverName };
          const again = await visit({ ...options, ...(session && { session: nameless(session) }) }, host);
          assert.ok(again.status === 403 || again.status === 421, `${again.status} ${again.text}`);
        }
        assert.equal(backend.bytes().length, 0);
      });
    } // prettier-ignore
    await t.test(`${version}: nor does the refusal of one site follow her to the other`, async () => {
      const { session } = await visit({ identity: grace, version, serverName: "navy.test" }, "navy.test");
      const options = { identity: grace, version };
      const again = await visit({ ...options, ...(session && { session: nameless(session) }) }, "localhost");
      assert.equal(again.status, 200, again.text);
    });
  }
  await t.test("while one site for all names resumes: this client can", async (t) => {
    const one = await startGateway(t, gatewayConfig(authority, backend.port));
    const identity = authority.grace;
    const first = await connectRaw({ port: one.port, identity });
    first.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await first.awaitAnswers(1);
    const session = nameless(first.session());
    const again = await connectRaw({ port: one.port, identity, session, serverName: "navy.test" });
    assert.ok(again.resumed, "nothing is resumed at all: the tests above see nothing");
    again.close();
    first.close();
  });
});
