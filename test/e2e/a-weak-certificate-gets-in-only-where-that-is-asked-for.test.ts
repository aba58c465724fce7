import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { badCertificates } from "../support/bad-certificates.ts";
import { forPurposes, isNoAuthority } from "../support/extensions.ts";
import { ecKeys, mint, rsaKeys } from "../support/mint.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

void test("a weak certificate gets in only where that is asked for", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const routes = [{ prefix: "/flask/", upstream: `http://127.0.0.1:${backend.port}/` }];
  const clients = { authorities: [authority.rootFile], depth: 2 };
  const insecure = { ...clients, insecureWeakKeys: true };
  const { port, log, logged } = await startGateway(
    t,
    gatewayConfig(authority, backend.port, {
      clients,
      hosts: [{ names: ["insecure.test"], clients: insecure, routes }],
    }),
  );
  const lines = ["Accept: text/plain"];
  const secureSite = { port, serverName: "localhost" };
  const insecureSite = { port, serverName: "insecure.test" };
  const there = { host: "insecure.test", lines };

  for (const { name, identity, code } of await badCertificates(authority)) {
    // With two authorities allowed, this one is only right.
    if (name === "too deep") continue;
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const weak = code === "certificate-weak-key";
      // OpenSSL takes no curve that is spelt out, at any level.
      const hopeless = name === "a curve that is spelt out";
      await t.test(
        `insecureWeakKeys, ${version}: ${name} -> ${weak && !hopeless ? "let in" : code}`,
        async () => {
          backend.forget();
          const answer = await ask({ ...insecureSite, identity, version }, there);
          const isIn = weak && !hopeless;
          assert.equal(answer.status, isIn ? 200 : 403, answer.text);
          if (!weak) assert.match(answer.text, new RegExp(`\\(${code}, incident `));
          const names = isIn ? [["SSL_CLIENT_S_DN", "CN=Grace Hopper"]] : [];
          assert.deepEqual(backend.subjectLines(), names);
        },
      );
      if (!weak) continue;
      await t.test(`as everywhere else, ${version}: ${name} -> ${code}`, async () => {
        backend.forget();
        const answer = await ask({ ...secureSite, identity, version }, { lines });
        assert.match(answer.text, /\(certificate-weak-key, incident /);
        const astray = await ask({ ...insecureSite, identity, version }, { lines });
        assert.equal(astray.status, 421, "another site's laxness is no way in");
        assert.equal(backend.bytes().length, 0);
      });
    }
  }

  const issuer = { cert: authority.root.certificatePem, key: authority.root.privateKeyPem };
  const extensions = [isNoAuthority, forPurposes("client")];
  const issue = (keys: ReturnType<typeof ecKeys>) => mint({ subject: "Grace Hopper", issuer, keys, extensions }); // prettier-ignore

  await t.test("an RSA key of 512 bits, which TLS 1.3 has no signature for", async () => {
    backend.forget();
    const identity = issue(rsaKeys(512));
    const answer = await ask({ ...secureSite, identity, version: "TLSv1.2" }, { lines });
    assert.match(answer.text, /\(certificate-weak-key, incident /);
    const none = await ask({ ...secureSite, identity, version: "TLSv1.3" }, { lines });
    assert.match(none.text, /\(certificate-missing, incident /);
    assert.equal(backend.bytes().length, 0);
  });

  let failures = 0;
  const curves = () => log.filter(({ msg, reason }) => msg === "handshake failed" && reason === "curve");
  for (const curve of ["secp224r1", "secp256k1"]) {
    await t.test(`a key on ${curve}, which TLS itself does not take, wherever it is shown`, async () => {
      backend.forget();
      const identity = issue(ecKeys(curve));
      for (const site of [secureSite, insecureSite]) {
        failures += 1;
        const client = await connectRaw({ ...site, identity, version: "TLSv1.2" });
        client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await client.settle(500);
        assert.ok(client.ended());
        assert.equal(client.received().length, 0);
        await logged(() => curves().length === failures);
        const none = await ask({ ...site, identity, version: "TLSv1.3" }, { host: site.serverName, lines });
        assert.match(none.text, /\(certificate-missing, incident /);
      }
      assert.equal(backend.bytes().length, 0);
    });
  }
});
