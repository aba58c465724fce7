import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { profiles } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { connectRaw } from "../support/raw-client.ts";
import { nextReload } from "../support/next-reload.ts";
import { gatewayConfig, spawnGateway, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { tlsBackend } from "../support/tls-backend.ts";
import { webSocketHandshake } from "../support/web-socket-octets.ts";

const keyAlgorithm = "ec-p256";

test("an upstream proves who it is, or gets nothing", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const other = await createTestAuthority(t);
  const issue = (names: readonly string[], notAfter?: Date) =>
    authority.issue("Backend", {
      profile: { ...profiles.server, keyAlgorithm },
      alternativeNames: names.map((value) =>
        /^[0-9.]+$/.test(value) ? { type: "ip", value } : { type: "dns", value },
      ),
      ...(notAfter && { notAfter }),
    });
  const backend = await tlsBackend(t, await issue(["app.internal", "127.0.0.1"]));
  const named = await tlsBackend(t, await issue(["app.internal", "localhost"]));
  const theirs = await tlsBackend(t, await other.issue("Backend", { profile: { ...profiles.server, keyAlgorithm }, alternativeNames: [{ type: "ip", value: "127.0.0.1" }] })); // prettier-ignore
  const authorities = [authority.rootFile];
  const at = (port: number, more: object = {}, host = "127.0.0.1") => ({ targets: [`https://${host}:${port}/`], ...more }); // prettier-ignore
  const cases: Record<string, { upstream: object; status: number; detail?: RegExp }> = {
    "own authority, the address in the certificate": { upstream: at(backend.port, { authorities }), status: 200 },
    "own authority, the name in the certificate": { upstream: at(named.port, { authorities }, "localhost"), status: 200 },
    "own authority, a name that is configured": { upstream: at(named.port, { authorities, serverName: "app.internal" }), status: 200 },
    "the address is not in the certificate": { upstream: at(named.port, { authorities }), status: 502, detail: /IP: 127\.0\.0\.1 is not in the cert/ },
    "a name that is not in the certificate": { upstream: at(backend.port, { authorities, serverName: "other.internal" }), status: 502, detail: /other\.internal/ },
    "the roots that browsers trust": { upstream: at(backend.port), status: 502, detail: /unable to/ },
    "another authority": { upstream: at(theirs.port, { authorities }), status: 502, detail: /unable to|self-signed|issuer|signature/ },
    "insecure: whoever is there": { upstream: at(theirs.port, { insecureAnyCertificate: true }), status: 200 },
    "no TLS there": { upstream: at(0), status: 502 },
  }; // prettier-ignore
  const routes = Object.values(cases).map(({ upstream }, nth) => ({ prefix: `/r${nth}/`, upstream }));
  const gateway = await startGateway(t, { ...gatewayConfig(authority, 1), routes });
  const options = { port: gateway.port, identity: authority.grace };
  for (const [nth, [name, { status, detail }]] of Object.entries(cases).entries()) {
    await t.test(`${name}: ${status}`, async () => {
      const before = theirs.asked.length;
      assert.equal((await ask(options, { path: `/r${nth}/` })).status, status);
      const line = await gateway.logged(({ path }) => path === `/r${nth}/`);
      if (status !== 200) assert.equal(line["code"], "upstream-unreachable");
      if (detail) assert.match(String(line["detail"]), detail);
      if (status !== 200) assert.equal(theirs.asked.length, before, "it was told something");
    });
  }
  await t.test("the name is what it was asked for; an address is asked for by none", () => {
    assert.deepEqual(named.asked.map(({ serverName }) => serverName), ["localhost", "app.internal"]);
    assert.deepEqual(backend.asked.map(({ serverName }) => serverName), [false]);
  }); // prettier-ignore
});

test("an upstream knows the gateway by its certificate, and by the next one when its files change", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const server = await authority.issue("Backend", {
    profile: { ...profiles.server, keyAlgorithm },
    alternativeNames: [{ type: "ip", value: "127.0.0.1" }],
  });
  const backend = await tlsBackend(t, {
    ...server,
    requestCert: true,
    ca: authority.root.certificatePem,
  });
  const [certificate, key] = [join(authority.folder, "own.crt"), join(authority.folder, "own.key")];
  const put = async (name: string) => {
    const own = await authority.issue(name);
    await writeFile(key, own.key);
    await writeFile(certificate, own.cert);
  };
  await put("Gateway One");
  const target = `https://127.0.0.1:${backend.port}/`;
  const upstream = { targets: [target], authorities: [authority.rootFile], certificate, key };
  const anonymous = { targets: [target], authorities: [authority.rootFile] };
  const routes = [{ prefix: "/flask/", upstream }, { prefix: "/anonymous/", upstream: anonymous }];
  const gateway = await startGateway(t, { ...gatewayConfig(authority, 1), routes });
  const options = { port: gateway.port, identity: authority.grace };

  assert.equal((await ask(options)).status, 200);
  assert.equal((await ask(options)).status, 200);
  assert.equal((await ask(options, { path: "/anonymous/" })).status, 502);
  await nextReload(gateway, () => put("Gateway Two"));
  assert.equal((await ask(options)).status, 200);
  assert.deepEqual(backend.asked.map(({ client }) => client), ["Gateway One", "Gateway One", "Gateway Two"]);

  await t.test("a WebSocket goes the same way", async () => {
    const client = await connectRaw(options);
    client.send(webSocketHandshake("/flask/"));
    await client.settle(500);
    assert.match(client.received().toString("latin1"), /^HTTP\/1\.1 101 [^]*\r\n\r\nhello$/);
    client.close();
  });
  await t.test("a key that is another's is named, and nothing starts", async () => {
    await writeFile(key, (await authority.issue("Other")).key);
    const { exited, stderr } = await spawnGateway(t, { ...gatewayConfig(authority, 1), routes });
    assert.equal(await exited, 1);
    assert.match(stderr(), /routes\.0\.upstream\.key: .*is not the key of/);
  });
}); // prettier-ignore
