import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { valuesOf } from "../support/message.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n";

test("a reload loses nothing", { timeout: 30_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const file = join(authority.folder, "backend.secret");
  const first = "a".repeat(64);
  const second = "b".repeat(64);
  await writeFile(file, first);
  const config = gatewayConfig(authority, backend.port, { backendSecret: { file } });
  const gateway = await startGateway(t, config);
  const options = { port: gateway.port, identity: authority.grace };
  const secrets = () => backend.requests().flatMap(({ lines }) => valuesOf(lines, "Sallyport-Secret"));
  let reloads = 0;
  const reload = async (message: string) => {
    const before = gateway.log.length;
    gateway.signal("SIGHUP");
    reloads += 1;
    await gateway.logged(
      (line) => gateway.log.indexOf(line) >= before && String(line["msg"]).startsWith(message),
    );
  };

  await t.test(
    "a rotated secret and a new route are there with the next request, on open connections too",
    async () => {
      const open = await connectRaw(options);
      open.send(get);
      await open.awaitAnswers(1);
      assert.deepEqual(secrets(), [first]);
      await writeFile(file, `${second}\n`);
      const upstream = `http://127.0.0.1:${backend.port}/`;
      await gateway.reconfigure({
        ...config,
        routes: [...(config["routes"] as object[]), { prefix: "/new/", upstream }],
      });
      await reload("reloaded");
      backend.forget();
      open.send(get.replace("/flask/", "/new/"));
      assert.equal((await open.awaitAnswers(2)).at(-1)?.status, 200);
      assert.deepEqual(secrets(), [second]);
      open.close();
    },
  );

  await t.test("under load, nothing fails", async () => {
    const over = new AbortController();
    let served = 0;
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!over.signal.aborted) {
          const client = await connectRaw(options);
          for (let count = 1; count <= 25; count += 1) {
            client.send(get);
            const [answer] = (await client.awaitAnswers(count)).slice(-1);
            assert.equal(answer?.status, 200);
            served += 1;
          }
          client.close();
        }
      }),
    );
    for (let round = 0; round < 10; round += 1) {
      await writeFile(file, round % 2 === 0 ? first : second);
      await reload("reloaded");
    }
    over.abort();
    await load;
    assert.ok(served > 20, `only ${served} requests crossed the reloads`);
  });

  const broken: readonly (readonly [name: string, config: object | string])[] = [
    ["YAML that is none", "listen: [\n"],
    ["a setting that does not exist", { ...config, rotues: [] }],
    ["a key file that does not exist", { ...config, tls: { certificate: authority.serverCertificateFile, key: "/nowhere.key" } }],
    ["another port to listen on", { ...config, listen: [{ host: "127.0.0.1", port: 1, mode: "mutual" }] }],
    ["an upstream that is none", { ...config, routes: [{ prefix: "/flask/", upstream: "http://127.0.0.1:99999/" }] }],
  ]; // prettier-ignore
  for (const [name, next] of broken) {
    await t.test(`${name}: refused, and everything stays as it was`, async () => {
      await gateway.reconfigure(typeof next === "string" ? next : JSON.stringify(next));
      await reload("reload refused");
      assert.equal((await ask(options)).status, 200);
    });
  }

  await t.test(
    "an authority that is removed lets nobody in any more: new, resumed, and on open connections",
    async () => {
      const other = await createAuthority({
        subject: [{ type: "CN", value: "Other Root" }],
        keyAlgorithm: "ec-p256",
      });
      const otherFile = join(authority.folder, "other.pem");
      await writeFile(otherFile, other.certificatePem);
      const open = await connectRaw(options);
      open.send(get);
      assert.equal((await open.awaitAnswers(1))[0]?.status, 200);
      await gateway.reconfigure({ ...config, clients: { authorities: [otherFile] } });
      await reload("reloaded");
      open.send(get);
      const [, refused] = await open.awaitAnswers(2);
      assert.equal(refused?.status, 403);
      assert.match(refused.text, /certificate-untrusted/);
      const resumed = await connectRaw({ ...options, session: open.session() });
      resumed.send(get);
      assert.equal((await resumed.awaitAnswers(1))[0]?.status, 403);
      resumed.close();
      open.close();
      assert.equal((await ask(options)).status, 403);
      const theirs = await authority.issue("Grace Hopper", { issuer: other });
      assert.equal((await ask({ ...options, identity: theirs })).status, 200);
    },
  );

  await t.test("and all of it was one process", () => {
    assert.ok(reloads > 10);
    assert.equal(gateway.stderr(), "");
  });
});
