import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { profiles } from "@sallyport/certs";
import { ask } from "../support/ask.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { createTestAuthority } from "../support/test-authority.ts";

test("a broken reload changes nothing, and says what is wrong and where", { timeout: 90_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const read = (file: string) => readFile(file, "utf8");
  const write = async (name: string, text: string) => {
    const file = join(authority.folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const { serverCertificateFile: certificate, serverKeyFile: key, rootFile: root } = authority;
  const serverProfile = { ...profiles.server, keyAlgorithm: "ec-p256" as const };
  const other = await authority.issue("*.flask.local", { profile: serverProfile });
  const secret = await write("backend.secret", "s".repeat(64));
  const denied = await write("denied.yaml", "[]\n");
  const files: Readonly<Record<string, string>> = {
    certificate: await write("own.crt", (await read(certificate)) + authority.root.certificatePem),
    key: await write("own.key", await read(key)),
    root: await write("own-root.pem", await read(root)),
    secret,
    denied,
  };
  const sound = `listen:
  - { host: 127.0.0.1, port: 0, mode: mutual }
tls:
  certificate: own.crt
  key: own.key
clients:
  authorities: [own-root.pem]
  revocation:
    - { denyList: denied.yaml }
backendSecret: { file: backend.secret }
reloadOnChange: false
metrics: { port: 0 }
routes:
  - { prefix: /flask/, upstream: "http://127.0.0.1:${backend.port}/" }
`.replaceAll(/own\.crt|own\.key|own-root\.pem|denied\.yaml|backend\.secret/g, (name) =>
    join(authority.folder, name),
  );
  const gateway = await startGateway(t, sound);
  const options = { port: gateway.port, identity: authority.grace };
  const metrics = await metricsPortOf(gateway);
  const reload = () => nextReload(gateway, () => { gateway.signal("SIGHUP"); }); // prettier-ignore
  const open = await connectRaw(options);
  const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
  open.send(get);
  await open.awaitAnswers(1);
  const shown = open.certificate?.fingerprint256;
  let asked = 1;
  let refused = 0;

  const stands = async (healthy: boolean) => {
    asked += 1;
    open.send(get);
    assert.equal((await open.awaitAnswers(asked)).at(-1)?.status, 200, "an open connection");
    const fresh = await connectRaw(options);
    assert.equal(fresh.certificate?.fingerprint256, shown);
    fresh.close();
    assert.equal((await ask(options)).status, 200, "a new one");
    assert.equal((await ask({ port: gateway.port })).status, 403, "and nobody else is let in");
    const figures = await scrape(metrics);
    assert.equal(figures('sallyport_reloads_total{outcome="refused"}'), refused);
    assert.equal(figures("sallyport_config_reload_healthy"), Number(healthy));
    return figures("sallyport_reload_last_success_timestamp_seconds");
  };

  /** A name, what is broken (the configuration itself, or one of its files), and what is said: line, path, words. */
  const cases: readonly (readonly [name: string, what: string, text: string, ...said: (readonly [string, string])[]])[] = [
    ["YAML that is none", "config", "listen: [\n", [":2  ", "not YAML"]],
    ["an empty configuration", "config", "", [":1  ", "listen: "]],
    ["a setting that does not exist", "config", `${sound}rotues: []\n`, [":15  ", "rotues: there is no such setting"]],
    ["two mistakes at once", "config", sound.replace("own.key", "nowhere.key").replace("/flask/", "flask"), [":5  ", "nowhere.key does not exist"], [":14  ", "routes.0.prefix: "]],
    ["another port to listen on", "config", sound.replace("port: 0, mode", "port: 1, mode"), [":2  ", "listen: listen has changed"]],
    ["another port for metrics", "config", sound.replace("metrics: { port: 0", "metrics: { port: 1"), [":12  ", "metrics: metrics has changed"]],
    ["ciphers that do not exist", "config", sound.replace("tls:\n", "tls:\n  ciphers: NOBODY\n"), [":4  ", "tls: "]],
    ["a rule that nobody could pass", "config", sound.replace('/" }', '/", rules: [] }'), [":14  ", "routes.0.rules: is empty"]],
    ["a source that is no source", "config", sound.replace("denyList", "denylist"), [":9  ", "denylist: there is no such setting"]],
    ["half a server certificate", "certificate", (await read(certificate)).slice(0, 300), [":4  ", "tls.certificate: "]],
    ["a server certificate without its key", "certificate", other.cert, [":5  ", "tls.key: "]],
    ["an empty key", "key", "", [":5  ", "tls.key: "]],
    ["an empty file of authorities", "root", "", [":7  ", "clients.authorities.0: "]],
    ["a short secret", "secret", "secret", [":10  ", "backendSecret.file: "]],
  ]; // prettier-ignore
  const started = await stands(true);
  for (const [name, what, broken, ...said] of cases) {
    await t.test(name, async () => {
      const file = what === "config" ? gateway.configFile : (files[what] ?? "");
      const before = await read(file);
      await writeFile(file, broken);
      const { ok, problems } = await reload();
      await writeFile(file, before);
      refused += 1;
      assert.equal(ok, false);
      assert.equal(problems.length, said.length, problems.join("\n"));
      for (const [line, words] of said) {
        const place = `${gateway.configFile}${line}`;
        const named = problems.some((problem) => problem.startsWith(place) && problem.includes(words));
        assert.ok(named, `nothing about ${place}${words}: ${problems.join("\n")}`);
      }
      for (const problem of problems) assert.match(problem, / {2}-> \S/, "it does not say what to do next");
      assert.equal(await stands(false), started, "nothing was read since the start");
    });
  }

  await t.test("the next good one heals it", async () => {
    assert.deepEqual(await reload(), { ok: true, problems: [] });
    assert.ok((await stands(true)) > started);
  });
  await t.test("whom a broken configuration denies at the same time is denied all the same", async () => {
    const { fingerprint256 } = new X509Certificate(authority.grace.cert);
    await gateway.reconfigure("listen: [\n");
    await writeFile(denied, `- { fingerprint: "${fingerprint256}" }\n`);
    assert.equal((await reload()).ok, false);
    open.send(get);
    assert.equal((await open.awaitAnswers(asked + 1)).at(-1)?.status, 403);
  });
  await t.test("and nothing of it was a bug", () => {
    assert.equal(gateway.stderr(), "");
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []);
  }); // prettier-ignore
});
