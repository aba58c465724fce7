/** Names, certificates and chains that no honest client sends in a handshake: each is answered or cut off, and the next visitor served. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { forPurposes, isAuthority, isNoAuthority } from "../support/extensions.ts";
import { chained, ecKeys, mint } from "../support/mint.ts";
import { connectRaw, type RawOptions } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";

const names = [
  "LOCALHOST", "localhost.", "localhost..", ".", "..", "*", "*.test", "a.other.test", "OTHER.test", "[::1]", "other.test:443", "a b", "a\tb\r\nc",
  "\x01\x7f", "ü.test", "xn--", "__proto__", "constructor", "toString", "../other.test", "a".repeat(255), "a.".repeat(127),
]; // prettier-ignore

void test("an odd handshake harms nobody", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const routes = [{ prefix: "/flask/", upstream: `http://127.0.0.1:${backend.port}/` }];
  const config = gatewayConfig(authority, backend.port, { hosts: [{ names: ["other.test"], routes }] });
  const { port, stderr } = await startGateway(t, config);
  const root = { cert: authority.root.certificatePem, key: authority.root.privateKeyPem };
  const extensions = [isNoAuthority, forPurposes("client")];
  const isServed = async () => {
    assert.equal((await ask({ port, identity: authority.grace })).status, 200);
    assert.equal(stderr(), "");
  };

  /** The code of the refusal, the status of what was none, or nothing where the connection ended without an answer. */
  const outcomeOf = async (options: Omit<RawOptions, "port">) => {
    const client = await connectRaw({ port, ...options });
    client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");
    await client.settle(2000);
    client.close();
    const [answer] = client.answers();
    return answer && (/\(([a-z-]+), incident /.exec(answer.text)?.[1] ?? answer.status);
  };

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    for (const serverName of names) {
      await t.test(`${version}: the name ${JSON.stringify(serverName).slice(0, 40)}`, async () => {
        const known = serverName.toLowerCase().replace(/\.$/, "") === "other.test";
        const outcome = await outcomeOf({ version, serverName, identity: authority.grace });
        // One with hosts of the same authorities: whose name it is makes no difference to who she is.
        assert.ok(outcome === 200 || (outcome === 421 && known) || outcome === undefined, String(outcome));
        assert.equal(await outcomeOf({ version, serverName }), outcome === 200 ? "certificate-missing" : outcome);
        await isServed();
      });
    }

    const loop = crossSigned();
    const junk = Array.from({ length: 60 }, (_, at) => mint({ subject: `Junk ${at}`, extensions: [isAuthority()] }));
    const twins = Array.from({ length: 30 }, () => mint({ subject: "Twin", extensions: [isAuthority()] }));
    const cases: Readonly<Record<string, readonly [Identity, ...outcomes: unknown[]]>> = {
      "a certificate of 60 kB": [mint({ subject: "a".repeat(60_000), issuer: root, extensions }), "identity-too-large"],
      "a certificate of 60 kB that nobody trusts": [mint({ subject: "a".repeat(60_000), issuer: loop[0], extensions }), "certificate-untrusted"],
      "a certificate of 200 kB": [mint({ subject: "a".repeat(200_000), issuer: root, extensions }), undefined],
      "sixty authorities that have nothing to do with it": [chained(authority.grace, ...junk), 200],
      "her own certificate over and over": [chained(authority.grace, ...Array.from({ length: 30 }, () => authority.grace)), 200],
      "authorities that sign each other": [chained(mint({ subject: "Mallory", issuer: loop[0], extensions }), ...loop), "certificate-untrusted"],
      "thirty authorities of one name": [chained(mint({ subject: "Mallory", issuer: twins.at(-1) ?? root, extensions }), ...twins), "certificate-untrusted"],
      "the root along, and twice": [chained(authority.grace, root, root), 200],
    };
    for (const [name, [identity, ...outcomes]] of Object.entries(cases)) {
      await t.test(`${version}: ${name}`, async () => {
        const started = performance.now();
        const outcome = await outcomeOf({ version, identity });
        assert.ok(outcomes.includes(outcome), String(outcome));
        assert.ok(performance.now() - started < 2000, "it took too long");
        await isServed();
      });
    }
  }
  await t.test("and only Grace was at the backend", () => {
    assert.deepEqual([...new Set(backend.subjectLines().map(([, value]) => value))], ["CN=Grace Hopper,ST=Virginia,C=US"]);
  });
}); // prettier-ignore

/** Two authorities, each with a certificate from the other. */
function crossSigned(): readonly [Identity, Identity] {
  const [one, two] = [ecKeys(), ecKeys()];
  const extensions = [isAuthority()];
  const first = mint({ subject: "Loop One", keys: one, extensions });
  const second = mint({ subject: "Loop Two", keys: two, issuer: first, extensions });
  return [mint({ subject: "Loop One", keys: one, issuer: second, extensions }), second];
}
