import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createRevocationList } from "@sallyport/certs";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const proc = { skip: process.platform !== "linux" && "it is read in /proc" };
const get = (path: string, host: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

test("fifty reloads leave nothing behind", { timeout: 120_000, ...proc }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const inFolder = (name: string) => join(authority.folder, name);
  const { serverCertificateFile: certificate, serverKeyFile: key, rootFile } = authority;
  await writeFile(inFolder("denied.yaml"), "[]\n");
  // As many entries as make the old lists show in the memory, if they stayed: 40 kB of DER each.
  const revoked = Array.from({ length: 1_000 }, (_, at) => ({ serialNumber: (0x4000 + at).toString(16) }));
  const list = await createRevocationList({ issuer: authority.root, number: 1, revoked });
  await writeFile(inFolder("root.crl"), list.pem);
  const clients = { authorities: [rootFile], revocation: [{ denyList: inFolder("denied.yaml") }, { crl: inFolder("root.crl") }] };
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const hosts = ["a.localhost", "b.localhost"].map((name) => ({
    ...{ names: [name], tls: { certificate, key }, clients: { ...clients, advertise: [rootFile] } },
    routes: [{ prefix: "/flask/", upstream }],
  }));
  const config = gatewayConfig(authority, backend.port, { clients, hosts, });
  const gateway = await startGateway(t, { ...config, reloadOnChange: false });

  const descriptors = async () => (await readdir(`/proc/${gateway.pid}/fd`)).length;
  const megabytes = async () => {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${gateway.pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1024;
  };
  const upstreamConnections = () => backend.connections.filter((each) => each.open()).length;
  /** One reload, and a request under each name, so that every upstream has a connection. */
  const round = async () => {
    const { ok } = await nextReload(gateway, () => { gateway.signal("SIGHUP"); });
    assert.ok(ok);
    for (const serverName of ["localhost", "a.localhost", "b.localhost"]) {
      const client = await connectRaw({ port: gateway.port, identity: authority.grace, serverName });
      client.send(get("/flask/", serverName));
      assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
      client.close();
    }
  };
  for (let warm = 0; warm < 10; warm += 1) await round();
  await waitUntil(() => upstreamConnections() === 3, () => "not in time: three upstreams have a connection");
  const before = { descriptors: await descriptors(), megabytes: await megabytes() };
  for (let time = 0; time < 50; time += 1) await round();
  await waitUntil(() => upstreamConnections() === 3, () => "not in time: the upstreams of before are let go");
  await waitUntil(async () => (await descriptors()) <= before.descriptors + 3, () => "not in time: file descriptors are back");
  const grown = (await megabytes()) - before.megabytes;
  assert.ok(grown < 60, `it grew by ${Math.round(grown)} MB`);
  // And a broken one leaves nothing either: what it had opened already is closed again.
  await writeFile(inFolder("broken.crl"), "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
  const broken = { ...clients, revocation: [...clients.revocation, { crl: inFolder("broken.crl") }] };
  await gateway.reconfigure({ ...config, reloadOnChange: false, clients: broken });
  for (let time = 0; time < 10; time += 1) {
    const { ok } = await nextReload(gateway, () => { gateway.signal("SIGHUP"); });
    assert.equal(ok, false);
  }
  await waitUntil(async () => (await descriptors()) <= before.descriptors + 3, () => "not in time: file descriptors are back");
  assert.equal(upstreamConnections(), 3);
  assert.equal(gateway.stderr(), "");
}); // prettier-ignore
