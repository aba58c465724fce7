import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { test } from "node:test";
import { profiles } from "@sallyport/certs";
import { runProcess } from "../support/running-process.ts";
import { spawnGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

test("a wrong configuration is named, with file and line", { timeout: 180_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const day = 24 * 60 * 60 * 1000;
  const write = async (name: string, text: string) => {
    await writeFile(join(authority.folder, name), text, { mode: 0o600 });
    return join(authority.folder, name);
  };
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  t.after(() => taken.close());
  const { port: takenPort } = taken.address() as AddressInfo;
  const expired = await authority.issue("*.flask.local", {
    profile: { ...profiles.server, keyAlgorithm: "ec-p256" },
    notBefore: new Date(Date.now() - 3 * day),
    notAfter: new Date(Date.now() - 2 * day),
  });
  const expiredCertificate = await write("expired.crt", expired.cert);
  const expiredKey = await write("expired.key", expired.key);
  const otherKey = await write("other.key", authority.grace.key);
  const empty = await write("empty.pem", "");
  const damaged = await write(
    "damaged.pem",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  );
  const short = await write("short.secret", "secret\n");
  const { serverCertificateFile: certificate, serverKeyFile: key, rootFile: root } = authority;
  const missing = join(authority.folder, "missing.pem");

  const listen = "listen:\n  - { host: 127.0.0.1, port: 0, mode: mutual }\n";
  const tls = `tls: { certificate: ${certificate}, key: ${key} }\n`;
  const clients = `clients: { authorities: [${root}] }\n`;
  const routes = 'routes:\n  - { prefix: /flask/, upstream: "http://127.0.0.1:5000/" }\n';
  /** What each line of standard error must hold, in order; the first is `gateway.yaml:LINE`. */
  const cases: readonly (readonly [name: string, yaml: string, ...problems: (readonly string[])[]])[] = [
    ["missing key file", `${listen}tls: { certificate: ${certificate}, key: ${missing} }\n${clients}`, [":3 ", "tls.key", missing, "does not exist"]],
    ["mismatched key", `${listen}tls:\n  certificate: ${certificate}\n  key: ${otherKey}\n${clients}`, [":5 ", "tls.key", otherKey, certificate]],
    ["a certificate instead of a key", `${listen}tls: { certificate: ${certificate}, key: ${certificate} }\n${clients}`, [":3 ", "tls.key", certificate, "no private key"]],
    ["expired server certificate", `${listen}tls: { certificate: ${expiredCertificate}, key: ${expiredKey} }\n${clients}`, [":3 ", "tls.certificate", expiredCertificate, "ended on"]],
    ["mutual without clients", listen + tls, [":2 ", "listen.0.mode", "mutual"]],
    ["mutual without tls", listen + clients, [":2 ", "listen.0.mode", "tls"]],
    ["clients without TLS", `listen: [{ port: 0, mode: http }]\n${clients}`, [":1 ", "listen.0.mode", "presence"], [":2 ", "clients", "mutual"]],
    ["unknown key", `${listen}${tls}${clients}rotues: []\n`, [":5 ", "rotues", "no such setting"]],
    ["bad YAML", `${listen}${tls}clients: "\n`, [":", "not YAML"]],
    ["nothing at all", "", [":1 ", "listen"]],
    ["port taken", `listen: [{ host: 127.0.0.1, port: ${takenPort}, mode: mutual }]\n${tls}${clients}`, ["", "listen.0", `port ${takenPort}`, "taken"]],
    ["everything wrong with the files at once",
      `${listen}tls: { certificate: ${missing}, key: ${otherKey} }\n` +
      `clients:\n  authorities:\n    - ${empty}\n    - ${missing}\n    - ${damaged}\n    - ${authority.folder}\n` +
      `backendSecret: { file: ${short} }\n${routes}  - { prefix: /flask/, upstream: "http://127.0.0.1:5001/" }\n`,
      [":3 ", "tls.certificate", missing, "does not exist"], [":6 ", "clients.authorities.0", empty], [":7 ", "clients.authorities.1", missing, "does not exist"],
      [":8 ", "clients.authorities.2", damaged], [":9 ", "clients.authorities.3", "is a folder"], [":10 ", "backendSecret.file", short], [":13 ", "routes.1.prefix", "twice"]],
    ["everything wrong with the settings at once",
      `listen:\n  - { port: 70000, mode: mutual }\n  - { port: 0, mode: tls }\n${tls}clients: { authorities: [], depth: 99, presense: optional }\nroutes:\n` +
      `  - { prefix: flask, upstream: "http://127.0.0.1:5000/" }\n  - { prefix: /x/../, upstream: "http://127.0.0.1:5000/" }\n` +
      `  - { prefix: /a/, upstream: "localhost:5000" }\n  - { prefix: /b/, upstream: "http://127.0.0.1:99999/" }\n` +
      `  - prefix: /c/\n    upstream: "http://127.0.0.1:5000/"\n    identity: [apache]\n`,
      [":2 ", "listen.0.port"], [":3 ", "listen.1.mode"], [":5 ", "clients.authorities"], [":5 ", "clients.depth"], [":5 ", "clients.presense", "no such setting"],
      [":7 ", "routes.0.prefix"], [":8 ", "routes.1.prefix"], [":9 ", "routes.2.upstream"], [":10 ", "routes.3.upstream"], [":13 ", "routes.4.identity.0"]],
    ["everything wrong about trust at once",
      `${listen}${tls}clients:\n  authorities: [${root}]\n  revocation:\n    - { crl: a.crl, ocsp: aia }\n    - { ocsp: aia, staleAfter: 24h }\n    - { crl: a.crl, staleAfter: 24 }\n` +
      `    - { ocsp: ocsp.example }\nhosts:\n  - { names: [a_b.example], minVersion: TLSv1.3 }\nroutes:\n  - prefix: /a/\n    upstream: "http://h/"\n    rules:\n      - { allow: { subjct: { CN: a } } }\n` +
      `contact: 5550100\nmetrics: { port: 70000 }\nreloadOnChange: perhaps\n`,
      [":7 ", "clients.revocation.0", "exactly one of"], [":8 ", "clients.revocation.1.staleAfter", "crl"], [":9 ", "clients.revocation.2.staleAfter", "24h"], [":10 ", "clients.revocation.3.ocsp", "responder"],
      [":12 ", "hosts.0.names.0", "must be a name"], [":12 ", "hosts.0.minVersion", "no such setting"], [":17 ", "routes.0.rules.0.allow.subjct", "no such setting"],
      [":18 ", "contact", "quotes"], [":19 ", "metrics.port", "at most 65535"], [":20 ", "reloadOnChange", "true or false"]],
    ["an authority that is advertised and not accepted, and a host's name twice",
      `${listen}${tls}clients:\n  authorities: [${root}]\n  advertise:\n    - ${root}\n    - ${certificate}\nhosts:\n  - { names: [a.example] }\n  - { names: [A.example] }\n`,
      [":8 ", "clients.advertise.1", certificate, "not accepted"], [":11 ", "hosts.1.names.0", "a.example is there twice"]],
  ]; // prettier-ignore

  for (const [name, yaml, ...problems] of cases) {
    await t.test(name, async (t) => {
      const process = await spawnGateway(t, yaml);
      assert.equal(await process.exited, 1, process.stderr());
      const lines = process.stderr().trimEnd().split("\n");
      assert.equal(lines.length, problems.length, process.stderr());
      for (const [place = "", ...words] of problems) {
        const said = lines.some(
          (line) => line.startsWith(process.configFile + place) && words.every((word) => line.includes(word)),
        );
        assert.ok(said, `no line has ${place} ${words.join(" ")}:\n${process.stderr()}`);
      }
      for (const line of lines) {
        assert.match(line, / -> \S/, "it does not say what to do next");
        assert.doesNotMatch(line, /Invalid|Too (?:big|small)|Unrecognized|undefined/, "not a person's words");
      }
      assert.doesNotMatch(process.stderr(), /\n\s+at |Error:/, "a stack is for bugs");
      assert.equal(process.lines.length, 0);
    });
  }

  await t.test("no configuration file", async (t) => {
    const main = join(import.meta.dirname, "../../packages/gateway/src/main.ts");
    const file = join(authority.folder, "nowhere.yaml");
    const process = runProcess(t, [main, "serve", "--config", file]);
    assert.equal(await process.exited, 1);
    assert.match(process.stderr(), new RegExp(`^.*${basename(file)}  .*does not exist  -> .*\n$`));
  });
  await t.test("a file that may not be read", { skip: process.getuid?.() === 0 }, async (t) => {
    const locked = await write("locked.key", authority.grace.key);
    await chmod(locked, 0);
    const gateway = await spawnGateway(
      t,
      `${listen}tls: { certificate: ${certificate}, key: ${locked} }\n${clients}`,
    );
    assert.equal(await gateway.exited, 1);
    assert.match(
      gateway.stderr(),
      /locked\.key may not be read by this user \(uid (\d+)\): it belongs to uid \1 with mode 0000 {2}-> chown \1 \S+locked\.key && chmod 400 /,
    );
  });
});
