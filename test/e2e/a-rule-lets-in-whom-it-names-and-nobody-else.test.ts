import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority, type AlternativeName } from "@sallyport/certs";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { resigned } from "../support/resigned.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";

const subject = (CN: string, OU: string) => [
  { type: "C", value: "US" },
  { type: "OU", value: OU },
  { type: "CN", value: CN },
];
const alternativeNames = (address: string, team: string): readonly AlternativeName[] => [
  { type: "email", value: address },
  { type: "dns", value: address.replace("@", ".") },
  { type: "url", value: `spiffe://flask.local/team/${team}` },
  { type: "upn", value: address },
];
const whole = "CN=Grace Hopper,OU=Engineering,C=US";
const rootName = "CN=Test Root,ST=Virginia,C=US";
const everybody = ["grace", "renewed", "namesake", "cecilia", "mallory", "nobody"];
const known = everybody.filter((name) => name !== "nobody");
const engineers = known.filter((name) => name !== "cecilia");
const graces = ["grace", "renewed", "namesake"];

/** @returns what stands under `rules`, and whom it lets in */
function cases(
  certificate: X509Certificate,
): readonly (readonly [rules: readonly object[], who: string[]])[] {
  const { fingerprint256, serialNumber } = certificate;
  const key = createHash("sha256").update(certificate.publicKey.export({ type: "spki", format: "der" }));
  const pin = key.digest("base64");
  const allow = (who: unknown) => [{ allow: who }];
  const named = (values: unknown) => allow({ subject: values });
  const own = ["grace", "renewed"]; // one name, one issuer, one key; two certificates
  return [
    [named({ OU: "Engineering" }), engineers],
    [named({ ou: "ENGINEERING" }), engineers],
    [named({ OU: "Engineer" }), []],
    [named({ OU: "Eng*" }), engineers],
    [named({ OU: ["Physics", "Astro*"] }), ["cecilia"]],
    [named({ OU: { regex: "Astronomy|Physics" } }), ["cecilia"]],
    [named({ OU: { regex: "stronom" } }), []],
    [named({ OU: { regex: "astronomy" } }), []],
    [named({ "2.5.4.11": "Astronomy" }), ["cecilia"]],
    [named({ CN: "*" }), known],
    [named({ O: "*" }), []],
    [named({ OU: "Engineering", CN: "Cecilia Payne" }), []],
    [named(whole), graces],
    [named(["CN=Nobody", "cn=grace hopper, ou=engineering, c=us"]), graces],
    [named("CN=Grace Hopper,C=US"), []],
    [named(["OU=Engineering,C=US", "C=US", "CN=Grace Hopper"]), []],
    [named("C=US,OU=Engineering,CN=Grace Hopper"), []],
    [allow({ issuer: rootName }), known.filter((name) => name !== "namesake")],
    [allow({ issuer: { CN: "Other*" } }), ["namesake"]],
    [allow({ san: { email: "grace@flask.local" } }), own],
    [allow({ san: { email: "*@flask.local" } }), [...own, "mallory"]],
    [allow({ san: { email: { regex: "[c-g].*@.*" } } }), [...own, "cecilia"]],
    [allow({ san: { email: ["cecilia@elsewhere.test", "*@nowhere.test"] } }), ["cecilia"]],
    [allow({ san: { dns: "*.FLASK.local" } }), [...own, "mallory"]],
    [allow({ san: { uri: "spiffe://flask.local/team/compilers" } }), own],
    [allow({ san: { uri: "spiffe://flask.local/team/compilers*" } }), [...own, "mallory"]],
    [allow({ san: { uri: { regex: "spiffe://flask[.]local/team/[a-z]+" } } }), [...own, "cecilia"]],
    [allow({ san: { upn: "Grace@flask.local" } }), own],
    [allow({ san: { upn: "*@elsewhere.test" } }), ["cecilia"]],
    [allow({ san: { email: "*@flask.local", dns: "mallory.*" } }), ["mallory"]],
    [allow({ serial: serialNumber, issuer: rootName }), ["grace"]],
    [allow({ serial: ["00", serialNumber.toLowerCase()], issuer: rootName }), ["grace"]],
    [allow({ serial: serialNumber, issuer: "CN=Other Root" }), []],
    [allow({ fingerprint: fingerprint256 }), ["grace"]],
    [allow({ fingerprint: ["0".repeat(64), fingerprint256.replaceAll(":", "").toLowerCase()] }), ["grace"]],
    [allow({ spki: pin }), own],
    [allow({ spki: [`sha256//${"A".repeat(43)}=`, Buffer.from(pin, "base64").toString("hex")] }), own],
    // all that a rule names, and nothing less
    [allow({ subject: whole, issuer: rootName, san: { email: "*@flask.local" }, fingerprint: fingerprint256, spki: pin }), ["grace"]],
    [allow({ subject: whole, san: { email: "cecilia@elsewhere.test" } }), []],
    [allow({ spki: pin, issuer: "CN=Other Root" }), []],
    // the first that matches decides; whom none matches is denied
    [[{ deny: { subject: { CN: "Mallory" } } }, { allow: { subject: { OU: "Engineering" } } }], graces],
    [[{ allow: { subject: { OU: "Engineering" } } }, { deny: { subject: { CN: "Mallory" } } }], engineers],
    [[{ deny: { subject: { OU: "Engineering" }, san: { email: "mallory@*" } } }, { allow: "any" }], everybody.filter((name) => name !== "mallory")],
    [[{ deny: { subject: { CN: "*" } } }, { allow: "any" }], ["nobody"]],
    [[{ deny: { subject: { CN: "Mallory" } } }], []],
    [[{ deny: "any" }], []],
    [[{ allow: "any" }], everybody],
  ]; // prettier-ignore
}

test("a rule lets in whom it names, and nobody else", { timeout: 30_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { issue, root } = authority;
  const other = await createAuthority({
    subject: [{ type: "CN", value: "Other Root" }],
    keyAlgorithm: "ec-p256",
  });
  const otherFile = join(authority.folder, "other.pem");
  await writeFile(otherFile, other.certificatePem);
  const person = (CN: string, OU: string, address: string, team: string) =>
    issue(subject(CN, OU), { alternativeNames: alternativeNames(address, team) });
  const grace = await person("Grace Hopper", "Engineering", "grace@flask.local", "compilers");
  const certificate = new X509Certificate(grace.cert);
  const serial = Buffer.from(certificate.serialNumber, "hex");
  const people = new Map<string, Identity | undefined>([
    ["grace", grace],
    ["renewed", resigned(grace, root, (tbs) => tbs.writeUInt8((serial[3] ?? 0) ^ 1, tbs.indexOf(serial) + 3))],
    ["namesake", await issue(subject("Grace Hopper", "Engineering"), { issuer: other })],
    ["cecilia", await person("Cecilia Payne", "Astronomy", "cecilia@elsewhere.test", "stars")],
    ["mallory", await person("Mallory", "Engineering", "mallory@flask.local", "compilers/x")],
    ["nobody", undefined],
  ]); // prettier-ignore
  const backend = await recordingBackend(t);
  const table = cases(certificate);
  const routes = table.map(([rules], at) => ({
    prefix: `/${at}/`,
    upstream: `http://127.0.0.1:${backend.port}/${at}/`,
    rules,
  }));
  const clients = { authorities: [authority.rootFile, otherFile], presence: "optional" };
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port, { clients, routes }));

  for (const [name, identity] of people)
    await t.test(name, async () => {
      backend.forget();
      const client = await connectRaw({ port, identity });
      const passed: string[] = [];
      for (const [at, [rules, who]] of table.entries()) {
        client.send(`GET /${at}/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n`);
        const answer = (await client.awaitAnswers(at + 1)).at(-1);
        const allowed = who.includes(name);
        assert.equal(answer?.status, allowed ? 200 : 403, `${JSON.stringify(rules)} ${answer?.text ?? ""}`);
        if (allowed) passed.push(`/${at}/`);
        else assert.match(answer.text, identity ? /not-allowed/ : /certificate-missing/);
      }
      client.close();
      const targets = backend.requests().map(({ target }) => target);
      assert.deepEqual(targets.toSorted(), passed.toSorted());
      assert.deepEqual(backend.leftovers(), []);
    });
});
