import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createAuthority, profiles, type Issued } from "@sallyport/certs";
import { arrivals } from "../support/arrivals.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";

const page = new URL("../../docs/hosts.md", import.meta.url);

test("the page about hosts is true", { timeout: 30_000 }, async (t) => {
  const text = await readFile(page, "utf8");
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const [, command = ""] = /```sh\n([\s\S]*?)```/.exec(text) ?? [];
  const rows = [
    ...text.matchAll(/^\| (`\S+`|no name) +\| (\S[^|]*?) +\| `([^/`]+)(\/\S*)` +\| `?([^|`]+?)`? +\|$/gm),
  ];
  const authority = await createTestAuthority(t);
  const { folder, issue, root } = authority;
  const backend = await recordingBackend(t);
  const keyAlgorithm = "ec-p256";
  const make = (name: string, issuer?: Issued) =>
    createAuthority({ subject: [{ type: "CN", value: name }], keyAlgorithm, ...(issuer && { issuer }) });
  const adminRoot = await make("Admin Root");
  const adminIssuing = await make("Admin Issuing", adminRoot);
  const oldRoot = await make("Old Admin Root");
  const write = (name: string, content: string) => writeFile(join(folder, name), content, { mode: 0o600 });
  for (const [name, { certificatePem }] of Object.entries({
    "root.pem": root,
    "admin-root.pem": adminRoot,
    "admin-issuing.pem": adminIssuing,
    "old-admin-root.pem": oldRoot,
  }))
    await write(name, certificatePem);
  for (const name of ["flask", "admin"]) {
    const server = await issue(`${name}.local`, { profile: { ...profiles.server, keyAlgorithm } });
    await write(`${name}.crt`, server.cert);
    await write(`${name}.key`, server.key);
  }
  const administrator = (issuer: Issued) =>
    issue([{ type: "OU", value: "Operations" }, { type: "CN", value: "Test Administrator" }], { issuer }); // prettier-ignore
  const people = new Map<string, Identity | undefined>([
    ["none", undefined],
    ["Grace's", authority.grace],
    ["the administrator", await administrator(adminIssuing)],
    ["the administrator of before", await administrator(oldRoot)],
  ]);
  const config = example
    .replaceAll(/\b[\w-]+\.(?:pem|crt|key)\b/g, (name) => join(folder, name))
    .replaceAll(/127\.0\.0\.1:(\d+)\//g, `127.0.0.1:${backend.port}/$1/`)
    .replace("port: 8443", "port: 0");
  const { port } = await startGateway(t, config);

  const look = async (serverName: string, who: string, host: string, path: string, answered: string) => {
    assert.ok(people.has(who), who);
    backend.forget();
    const client = await connectRaw({ port, serverName, identity: people.get(who) });
    client.send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/plain\r\n\r\n`);
    const [answer] = await client.awaitAnswers(1);
    client.close();
    const [, application] = /^the application on (\d+)$/.exec(answered) ?? [];
    if (application === undefined) {
      const [status = "", code = ""] = answered.split(" ");
      assert.equal(String(answer?.status), status);
      assert.match(answer?.text ?? "", new RegExp(`\\b${code}\\b`));
      assert.equal(backend.bytes().length, 0);
    } else {
      assert.equal(answer?.status, 200, answer?.text);
      assert.match(
        arrivals(backend).join(),
        new RegExp(`^/${application}/.* ${who === "none" ? "NONE$" : "SUCCESS CN="}`),
      );
    }
  };

  assert.ok(rows.length >= 15, "the table is there");
  for (const [, name = "", who = "", host = "", path = "", answered = ""] of rows)
    await t.test(`${name}, ${who}: ${host}${path} -> ${answered}`, () =>
      look(name === "no name" ? "" : name.replaceAll("`", ""), who, host, path, answered),
    );
  await t.test("who is from an authority that is not advertised is accepted", () =>
    look(
      "admin.flask.local",
      "the administrator of before",
      "admin.flask.local",
      "/",
      "the application on 5001",
    ),
  );
  await t.test("its command shows who is advertised", async () => {
    const { stdout } = await promisify(execFile)("sh", ["-c", command.replace("8443", String(port))]);
    assert.match(stdout, /^Acceptable client certificate CA names\nCN ?= ?Admin Issuing\n$/);
  });
});
