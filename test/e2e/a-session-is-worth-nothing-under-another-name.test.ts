import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { arrivals } from "../support/arrivals.ts";
import { bareSession } from "../support/bare-session.ts";
import { chained, ecKeys, mint } from "../support/mint.ts";
import { connectRaw, type RawOptions } from "../support/raw-client.ts";
import type { RecordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { startSites } from "../support/sites.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { oid, sequence, tlv } from "../../packages/identity/src/testing/der.ts";

const versions = ["TLSv1.2", "TLSv1.3"] as const;
const names = ["localhost", "admin.example", "open.example", "shared.example"];
const everybody = ["grace", "cecilia", "visitor", "nobody"] as const;

/** One request on a connection of its own. */
async function visit(backend: RecordingBackend, options: RawOptions, host: string) {
  backend.forget();
  const client = await connectRaw(options);
  client.send(`GET /app/ HTTP/1.1\r\nHost: ${host}\r\nAccept: text/plain\r\n\r\n`);
  const [answer] = await client.awaitAnswers(1);
  client.close();
  const { resumed, session } = client;
  return { status: answer?.status ?? 0, resumed, session: session(), arrived: arrivals(backend).join() };
}

test("a session is worth nothing under another name", { timeout: 60_000 }, async (t) => {
  const { gateway, backend, people } = await startSites(t);
  const { port } = gateway;

  for (const version of versions)
    for (const who of everybody)
      await t.test(`${version}: ${who} has no more with a session than without`, async () => {
        const fresh = (identity: (typeof people)[typeof who], serverName: string) =>
          visit(backend, { port, version, serverName, identity }, serverName);
        for (const from of names) {
          const { session } = await fresh(people[who], from);
          const offered = { port, version, session: bareSession(session) };
          for (const host of names) {
            // whoever does not resume is anonymous: nothing is shown with the session
            const rightful = [await fresh(people[who], host), await fresh(undefined, host)];
            for (const serverName of [...names, "", "a.admin.example", "unknown.example"]) {
              const { status, arrived } = await visit(backend, { ...offered, serverName }, host);
              const name = `from ${from} to ${serverName}, Host ${host}: ${status} ${arrived}`;
              if (status === 200) assert.ok(rightful.some((each) => each.arrived === arrived), name);
              else assert.ok([403, 421].includes(status) && arrived === "", name);
            }
          }
        }
      }); // prettier-ignore

  await t.test("at its own name she is not asked again, or is known all the same", async () => {
    for (const version of versions) {
      const options = { port, version, serverName: "admin.example", identity: people.cecilia };
      const { session, arrived } = await visit(backend, options, "admin.example");
      const again = await visit(backend, { ...options, session }, "admin.example");
      assert.deepEqual([again.status, again.arrived], [200, arrived]);
    }
  });
});

test("nor where both names accept the same intermediate, and one of them not for her", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const extension = (type: string, value: Buffer) =>
    sequence(oid(type), tlv(1, Buffer.of(0xff)), tlv(4, value));
  const isAuthority = extension("2.5.29.19", sequence(tlv(1, Buffer.of(0xff))));
  const onlyElsewhere = extension("2.5.29.30", sequence(tlv(0xa0, sequence(tlv(0x82, Buffer.from("elsewhere.test")))))); // prettier-ignore
  const [free, bound] = ["Free Root", "Bound Root"].map((subject) =>
    mint({ subject, extensions: [isAuthority] }),
  );
  assert.ok(free && bound);
  const keys = ecKeys();
  const cross = { subject: "Cross Authority", keys };
  const unbounded = mint({ ...cross, issuer: free, extensions: [isAuthority] });
  const bounded = mint({ ...cross, issuer: bound, extensions: [isAuthority, onlyElsewhere] });
  const { certificatePem: cert, privateKeyPem: key } = {
    certificatePem: unbounded.cert,
    privateKeyPem: unbounded.key,
  };
  const grace = await authority.issue("Grace Hopper", {
    issuer: { certificatePem: cert, privateKeyPem: key },
    alternativeNames: [{ type: "dns", value: "grace.flask.local" }],
  });
  const identity = chained(grace, unbounded);
  const clients = async (...members: { readonly cert: string }[]) => {
    const file = join(authority.folder, `${members.length}${String(Math.random())}.pem`);
    await writeFile(file, members.map((member) => member.cert).join(""));
    return { authorities: [file], depth: 3 };
  };
  const routes = [{ prefix: "/app/", upstream: `http://127.0.0.1:${backend.port}/` }];
  const config = gatewayConfig(authority, backend.port, {
    clients: await clients(free),
    routes,
    hosts: [{ names: ["bound.example"], clients: await clients(bound, bounded), routes }],
  });
  const { port } = await startGateway(t, config);
  for (const version of versions)
    await t.test(version, async () => {
      const first = await visit(backend, { port, version, identity }, "localhost");
      assert.equal(first.status, 200);
      const options = { port, version, serverName: "bound.example" };
      const fresh = await visit(backend, { ...options, identity: chained(grace, bounded) }, "bound.example");
      assert.deepEqual(
        [fresh.status, fresh.arrived],
        [403, ""],
        "the constraint binds her: this test can see something",
      );
      const session = bareSession(first.session);
      const again = await visit(backend, { ...options, session }, "bound.example");
      assert.deepEqual([again.status, again.arrived], [403, ""]);
    });
});
