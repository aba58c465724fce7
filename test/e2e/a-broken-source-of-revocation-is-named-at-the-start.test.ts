import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority, createRevocationList } from "@sallyport/certs";
import { spawnGateway } from "../support/running-gateway.ts";
import { createTestAuthority, rootName } from "../support/test-authority.ts";

const keyAlgorithm = "ec-p256";

test(
  "a broken source of revocation is named at the start, with file and line",
  { timeout: 30_000 },
  async (t) => {
    const { root, rootFile, folder, serverCertificateFile, serverKeyFile } = await createTestAuthority(t);
    const stranger = await createAuthority({ subject: [{ type: "CN", value: "Other Root" }], keyAlgorithm });
    const namesake = await createAuthority({ subject: rootName, keyAlgorithm });
    const write = async (name: string, content: string | Uint8Array) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    const list = async (more: object = {}) => createRevocationList({ issuer: root, number: 1, ...more });
    const delta = { type: "2.5.29.27", critical: true, value: Buffer.from([2, 1, 5]) };
    const { der } = await list();
    await mkdir(join(folder, "nothing"));
    await mkdir(join(folder, "mixed"));
    await write("mixed/good.crl", der);
    await write("mixed/bad.crl", der.subarray(0, 50));
    const missing = join(folder, "missing");
    /** Each source, and words of its line. */
    const cases: readonly (readonly [source: string, ...words: string[]])[] = [
    [`crl: ${missing}.crl`, "missing.crl", "does not exist"],
    [`crl: ${await write("empty.crl", "")}`, "empty.crl", "no revocation list"],
    [`crl: ${await write("garbage.crl", "no list\n")}`, "garbage.crl", "no revocation list"],
    [`crl: ${await write("cut.crl", der.subarray(0, 100))}`, "cut.crl", "no revocation list that can be read"],
    [`crl: ${await write("foreign.crl", (await list({ issuer: stranger })).pem)}`, "foreign.crl", "CN=Other Root", "clients.authorities"],
    [`crl: ${await write("namesake.crl", (await list({ issuer: namesake })).pem)}`, "namesake.crl", "not signed"],
    [`crl: ${await write("delta.crl", (await list({ extensions: [delta] })).pem)}`, "delta.crl", "delta"],
    [`crl: ${join(folder, "nothing")}`, "nothing", "no revocation list"],
    [`crl: ${join(folder, "mixed")}`, "mixed/bad.crl", "no revocation list that can be read"],
    [`denyList: ${missing}.yaml`, "missing.yaml", "does not exist"],
    [`denyList: ${await write("denied.yaml", '- { serial: "0A" }\n')}`, "denied.yaml:1", "issuer"],
    [`denyList: ${await write("number.yaml", '[]\n# here\n- { fingerprint: 12 }\n')}`, "number.yaml", "YAML"],
  ]; // prettier-ignore
    const tls = `listen: [{ port: 0, mode: mutual }]\ntls: { certificate: ${serverCertificateFile}, key: ${serverKeyFile} }\n`;
    const sources = cases.map(([source]) => `    - { ${source} }\n`).join("");

    await t.test("all of them at once", async () => {
      const yaml = `${tls}clients:\n  authorities: [${rootFile}]\n  revocation:\n${sources}`;
      const gateway = await spawnGateway(t, yaml);
      assert.equal(await gateway.exited, 1, gateway.stderr());
      const lines = gateway.stderr().trimEnd().split("\n");
      for (const [at, [source, ...words]] of cases.entries()) {
        const place = `${gateway.configFile}:${at + 6} `;
        const line = lines.find((each) => each.startsWith(place));
        assert.ok(line, `${source}: no line begins with ${place}:\n${gateway.stderr()}`);
        for (const word of [`clients.revocation.${at}`, ...words])
          assert.ok(line.includes(word), `${word}: ${line}`);
        assert.match(line, / -> \S/, "it does not say what to do next");
      }
      assert.doesNotMatch(gateway.stderr(), /\n\s+at |Error:/, "a stack is for bugs");
      assert.equal(gateway.lines.length, 0, "it has not begun to run");
    });

    await t.test("of a host of its own", async () => {
      const hosts = `hosts:\n  - names: [admin.flask.local]\n    clients:\n      authorities: [${rootFile}]\n      revocation: [{ denyList: ${missing} }]\n`;
      const gateway = await spawnGateway(t, `${tls}clients: { authorities: [${rootFile}] }\n${hosts}`);
      assert.equal(await gateway.exited, 1, gateway.stderr());
      assert.ok(gateway.stderr().startsWith(`${gateway.configFile}:8 `), gateway.stderr());
      assert.ok(gateway.stderr().includes("hosts.0.clients.revocation.0"), gateway.stderr());
    });
  },
);
