import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority } from "@sallyport/certs";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import {
  gatewayConfig,
  spawnGateway,
  startGateway,
  type RunningGateway,
} from "../support/running-gateway.ts";
import { createTestAuthority, rootName, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const keyAlgorithm = "ec-p256";

type Visit = { readonly status: number; readonly resumed: boolean; readonly session: Buffer | undefined };

async function visit(
  { port }: RunningGateway,
  identity: Identity,
  session?: Buffer,
  version: "TLSv1.2" | "TLSv1.3" = "TLSv1.3",
): Promise<Visit> {
  const client = await connectRaw({ port, identity, session, version });
  client.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const [answer] = await client.awaitAnswers(1);
  client.close();
  return { status: answer?.status ?? 0, resumed: client.resumed, session: client.session() };
}

test("replicas share sessions while they agree, and without a word", { timeout: 120_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const { grace } = authority;
  const inFolder = (name: string) => join(authority.folder, name);
  const write = async (name: string, text: string) => {
    await writeFile(inFolder(name), text, { mode: 0o600 });
    return inFolder(name);
  };
  const secret = await write("tickets.secret", "s".repeat(48));
  const tls = { certificate: authority.serverCertificateFile, key: authority.serverKeyFile };
  const configOf = async (name: string, clients: object = {}, more: object = {}) => {
    const denied = await write(`${name}.yaml`, "[]");
    return gatewayConfig(authority, backend.port, {
      clients: { depth: 2, revocation: [{ denyList: denied }], ...clients },
      tls: { ...tls, ticketSecret: { file: secret } },
      ...more,
    });
  };
  const [configA, configB] = [await configOf("a"), await configOf("b")];
  const a = await startGateway(t, configA);
  const b = await startGateway(t, configB);

  /** What becomes at the one of a session of the other. */
  const crossing = async (from: RunningGateway, to: RunningGateway, identity = grace) => {
    const made = await visit(from, identity);
    assert.equal(made.status, 200);
    const { status, resumed } = await visit(to, identity, made.session);
    return `${status} ${resumed ? "resumed" : "anew"}`;
  };
  const behindIntermediate = async (name: string) => {
    const intermediate = await createAuthority({
      subject: [{ type: "CN", value: name }],
      issuer: authority.root,
      keyAlgorithm,
    });
    const leaf = await authority.issue("Cecilia Payne", { issuer: intermediate });
    return { cert: leaf.cert + intermediate.certificatePem, key: leaf.key };
  };
  const bothWays = async (one = a, other = b) => [await crossing(one, other), await crossing(other, one)];
  const shared = ["200 resumed", "200 resumed"];
  const apart = ["200 anew", "200 anew"];
  const reload = async (gateway: RunningGateway) => {
    assert.ok((await nextReload(gateway, () => { gateway.signal("SIGHUP"); })).ok);
  }; // prettier-ignore

  await t.test(
    "a session made at one resumes at the other, before and after each has read everything again",
    async () => {
      assert.deepEqual(await bothWays(), shared);
      await reload(a);
      assert.deepEqual(await bothWays(), shared);
    },
  );

  await t.test("one with another authority, depth or secret shares none with them", async (t) => {
    const other = await createAuthority({ subject: rootName, keyAlgorithm });
    const authorities = [authority.rootFile, await write("other.pem", other.certificatePem)];
    const elsewhere = {
      tls: { ...tls, ticketSecret: { file: await write("other.secret", "t".repeat(48)) } },
    };
    for (const config of [
      await configOf("c", { authorities }),
      await configOf("c", { depth: 3 }),
      await configOf("c", {}, elsewhere),
      await configOf("c", {}, { tls }),
    ]) {
      const c = await startGateway(t, config);
      assert.deepEqual(await bothWays(a, c), apart);
      assert.equal(await crossing(c, c), "200 resumed", "this test sees nothing");
      await c.stop();
    }
  });

  await t.test(
    "whoever is revoked at one: they share none until the other knows, and again from then on",
    async () => {
      const mallory = await authority.issue("Mallory");
      const before = await visit(b, mallory);
      const list = `- { serial: "${new X509Certificate(mallory.cert).serialNumber}", issuer: "CN=Test Root,ST=Virginia,C=US" }\n`;
      const denies = (gateway: RunningGateway) =>
      waitUntil(async () => (await visit(gateway, mallory)).status === 403, () => "she is let in still"); // prettier-ignore
      await write("a.yaml", list);
      await denies(a);
      const after = await visit(a, mallory, before.session);
      assert.deepEqual([after.status, after.resumed], [403, false]);
      assert.deepEqual(await bothWays(), apart);
      await write("b.yaml", list);
      await denies(b);
      assert.deepEqual(await bothWays(), shared);
    },
  );

  await t.test(
    "an intermediate that the other has never met: it is asked for anew, and nobody is refused",
    async () => {
      const chained = await behindIntermediate("Test Intermediate");
      assert.equal((await visit(a, chained)).status, 200);
      assert.equal(await crossing(a, b, chained), "200 anew");
      assert.equal(await crossing(a, b, chained), "200 resumed", "now both have met it");
      assert.deepEqual(await bothWays(), shared);
    },
  );

  for (const [version, expected] of [
    ["TLSv1.3", ["200 anew", "200 resumed", "200 resumed"]],
    // Its ticket is sealed before the certificate is looked at.
    ["TLSv1.2", ["403 resumed", "200 anew", "200 anew"]],
  ] as const) {
    await t.test(
      `${version}: the ticket of the very handshake that brought it keeps nobody out for good`,
      async () => {
        const chained = await behindIntermediate(`Intermediate of ${version}`);
        const { session } = await visit(a, chained, undefined, version);
        const outcomes = [];
        for (let times = 0; times < 3; times += 1) {
          const { status, resumed } = await visit(b, chained, session, version);
          outcomes.push(`${status} ${resumed ? "resumed" : "anew"}`);
        }
        assert.deepEqual(outcomes, expected);
        assert.equal(await crossing(a, b, chained), "200 resumed");
        assert.deepEqual(await bothWays(), shared);
      },
    );
  }

  await t.test("another secret in the file: once both have read it, they share again", async () => {
    const before = await visit(a, grace);
    await write("tickets.secret", "u".repeat(48));
    await reload(a);
    assert.equal((await visit(a, grace, before.session)).resumed, false);
    await waitUntil(async () => String(await bothWays()) === String(shared), () => "they do not share again"); // prettier-ignore
  });

  await t.test("several workers are replicas like those of other machines", async (t) => {
    const c = await startGateway(t, { ...(await configOf("b")), workers: 2 });
    const list = await configOf("d");
    const d = await startGateway(t, list);
    for (let times = 0; times < 8; times += 1) assert.deepEqual(await bothWays(c, d), shared);
    await reload(d);
    assert.deepEqual(await bothWays(c, d), shared);
  });

  await t.test("a file that cannot be one is named", async (t) => {
    const short = await write("short.secret", "too short");
    const open = await write("open.secret", "v".repeat(48));
    await chmod(open, 0o644);
    for (const [file, message] of [
      [
        short,
        /tls\.ticketSecret\.file: \S+short\.secret has 9 octets, and must have 32 at least {2}-> \(umask 077 && /,
      ],
      [open, /tls\.ticketSecret\.file: \S+open\.secret is open to everybody on this machine {2}-> chmod o= /],
      [inFolder("none.secret"), /none\.secret does not exist/],
    ] as const) {
      const refused = await spawnGateway(
        t,
        await configOf("e", {}, { tls: { ...tls, ticketSecret: { file } } }),
      );
      assert.equal(await refused.exited, 1);
      assert.match(refused.stderr(), message);
    }
  });
});
