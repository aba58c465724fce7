import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority, type Issued } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { authoritiesTold } from "../support/authorities-told.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const roots = ["North", "East", "South", "West"] as const;
const people = [...roots, "Branch", "Twig", "Elsewhere"] as const;
type Person = (typeof people)[number];

test(
  "clients are told the authorities that are advertised, and others are accepted",
  { timeout: 60_000 },
  async (t) => {
    const authority = await createTestAuthority(t);
    const backend = await recordingBackend(t);
    const make = (name: string, issuer?: Issued) =>
      createAuthority({
        subject: [{ type: "CN", value: name }],
        keyAlgorithm: "ec-p256",
        ...(issuer && { issuer }),
      });
    const [north, east, south, west, elsewhere] = await Promise.all(
      [...roots, "Elsewhere"].map((name) => make(name)),
    );
    assert.ok(north && east && south && west && elsewhere);
    const branch = await make("Branch", north); // on file
    const twig = await make("Twig", south); // never on file: its people bring it
    const file = async (name: string, ...members: readonly Issued[]) => {
      const path = join(authority.folder, name);
      await writeFile(path, members.map(({ certificatePem }) => certificatePem).join("\n# the next one\n"));
      return path;
    };
    const files = {
      north: await file("north.pem", north),
      both: await file("both.pem", east, south),
      west: await file("west.pem", west),
      branch: await file("branch.pem", branch),
    };
    const issuers: Readonly<Record<Person, Issued>> = { North: north, East: east, South: south, West: west, Branch: branch, Twig: twig, Elsewhere: elsewhere }; // prettier-ignore
    const identities = new Map(
      await Promise.all(
        people.map(async (name) => {
          const identity = await authority.issue(`Test ${name}`, { issuer: issuers[name] });
          const sent = name === "Twig" ? identity.cert + twig.certificatePem : identity.cert;
          return [name, { ...identity, cert: sent }] as const;
        }),
      ),
    );
    const depth = 2;
    const { north: a, both: b, west: c, branch: d } = files;
    const route = { prefix: "/flask/", upstream: `http://127.0.0.1:${backend.port}/` };
    /** Under each name: what is configured, who is told of, and who is let in. */
    type Expected = readonly [
      name: string,
      clients: object,
      told: readonly string[],
      accepted: readonly Person[],
    ];
    const before: readonly Expected[] = [
    ["localhost", { authorities: [a, b, d], advertise: [d], depth }, ["Branch"], ["North", "East", "South", "Branch", "Twig"]],
    ["all.example", { authorities: [c, b], depth }, ["West", "East", "South"], ["West", "East", "South", "Twig"]],
    ["some.example", { authorities: [c, b], advertise: [b], depth: 1 }, ["East", "South"], ["West", "East", "South"]],
    ["one.example", { authorities: [c], advertise: [c] }, ["West"], ["West"]],
  ]; // prettier-ignore
    const after: readonly Expected[] = [
    ["localhost", { authorities: [a, c], advertise: [a], depth }, ["North"], ["North", "West"]],
    ["all.example", { authorities: [d, a], advertise: [a], depth }, ["North"], ["North", "Branch"]],
    ["some.example", { authorities: [c, b], depth }, ["West", "East", "South"], ["West", "East", "South", "Twig"]],
    ["one.example", { authorities: [b, c], advertise: [c], depth: 1 }, ["West"], ["West", "East", "South"]],
  ]; // prettier-ignore
    const configured = ([top, ...others]: readonly Expected[]) =>
      gatewayConfig(authority, backend.port, {
        ...(top && { clients: { ...top[1] } }),
        hosts: others.map(([name, clients]) => ({ names: [name], clients, routes: [route] })),
      });
    const gateway = await startGateway(t, configured(before));
    const { port } = gateway;

    const look = async (expected: readonly Expected[]) => {
      for (const [serverName, , told, accepted] of expected) {
        const names = told.map((name) => `CN=${name}`);
        assert.deepEqual(await authoritiesTold(port, "-servername", serverName), names, serverName);
        for (const version of ["TLSv1.2", "TLSv1.3"] as const)
          for (const name of people) {
            backend.forget();
            const client = await connectRaw({ port, version, serverName, identity: identities.get(name) });
            client.send(`GET /flask/ HTTP/1.1\r\nHost: ${serverName}\r\nAccept: text/plain\r\n\r\n`);
            const [answer] = await client.awaitAnswers(1);
            client.close();
            const passes = accepted.includes(name);
            const what = `${version} ${serverName} ${name}: ${answer?.text ?? ""}`;
            assert.equal(answer?.status, passes ? 200 : 403, what);
            assert.equal(backend.requests().length, passes ? 1 : 0, what);
            if (!passes) assert.match(answer.text, /certificate-(?:untrusted|too-deep)/, what);
          }
      }
    };
    await t.test("under each name its own", () => look(before));
    await t.test("after a reload the new ones", async () => {
      const { ok, problems } = await nextReload(gateway, () => gateway.reconfigure(configured(after)));
      assert.ok(ok, problems.join("\n"));
      await look(after);
    });
    await t.test("what is advertised and not accepted is a mistake, and changes nothing", async () => {
      const wrong: Expected = ["localhost", { authorities: [a], advertise: [c] }, [], []];
      const { ok, problems } = await nextReload(gateway, () => gateway.reconfigure(configured([wrong])));
      assert.equal(ok, false);
      assert.match(problems.join("\n"), /holds an authority that is not accepted/);
      assert.equal((await ask({ port, identity: identities.get("North") })).status, 200);
    });
  },
);
