import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { keyAlgorithmOf } from "../key-pair.ts";
import { listIssued } from "../list-issued.ts";
import { scratch } from "../testing/scratch.ts";
import type { Scratch } from "../testing/scratch.ts";
import { client } from "./client.ts";
import { crl } from "./crl.ts";
import { exportName } from "./export.ts";
import { importHelp } from "./import-help.ts";
import { init } from "./init.ts";
import { list } from "./list.ts";
import { renew } from "./renew.ts";
import { revoke } from "./revoke.ts";
import { server } from "./server.ts";
import { show } from "./show.ts";
import { signRequest } from "./sign-request.ts";
import { verify } from "./verify.ts";

const key = "ec-p256";
const password = "password";

describe("verbs", () => {
  let place: Scratch, folder: string;
  before(async () => {
    place = scratch();
    folder = join(place.folder, "authority");
    await init({ folder, key, name: "Example Root", country: "FR", organization: "Example" });
    await server(["gateway.example.org", "192.0.2.1"], { folder, key, password });
    await client("Grace Hopper", { folder, key, password, group: ["admins"], email: "grace@example.org" });
  });
  after(() => {
    place.remove();
  });

  const at = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(at(name), "utf8");
  const says = async (lines: Promise<readonly string[]>) => (await lines).join("\n");
  const refuses = (command: Promise<unknown>, message: RegExp) =>
    assert.rejects(command, { name: "CertsError", message });
  const certificate = (name: string) => new X509Certificate(read(`${name}.crt`));

  it("init, server and client: people live where their authority does", () => {
    assert.equal(certificate("root").subject, "C=FR\nO=Example\nCN=Example Root");
    assert.equal(certificate("grace").subject, "C=FR\nO=Example\nOU=admins\nCN=Grace Hopper");
    assert.equal(
      certificate("gateway.example.org").subjectAltName,
      "DNS:gateway.example.org, IP Address:192.0.2.1",
    );
  });

  it("init takes other kinds of key", async () => {
    const other = join(place.folder, "p384");
    await init({ folder: other, key: "ec-p384" });
    const { publicKey } = new X509Certificate(readFileSync(join(other, "root.crt")));
    assert.equal(keyAlgorithmOf(publicKey), "ec-p384");
  });

  it("init --intermediate signs below the root, and says what the gateway has to allow", async () => {
    const two = join(place.folder, "two");
    await init({ folder: two, key });
    assert.match(await says(init({ folder: two, key, intermediate: true })), /^intermediate +Intermediate Flask Local Certificate Authority +made[^]*depth: 2/m); // prettier-ignore
    await client("Grace Hopper", { folder: two, key, password });
    for (const name of ["grace.crt", "grace.pem"])
      assert.equal(readFileSync(join(two, name), "utf8").match(/BEGIN CERTIFICATE/g)?.length, 2);
    assert.equal(
      place.openssl("verify", "-purpose", "sslclient", "-CAfile", "two/root.pem", "-untrusted", "two/grace.crt", "two/grace.crt"), // prettier-ignore
      "two/grace.crt: OK\n",
    );
    assert.match(await says(verify("grace", { folder: two })), /grace\.crt: OK, for a client/);
    assert.match(await says(verify("intermediate", { folder: two })), /OK, for an authority/);
  });

  it("list shows names, ends and serial numbers, for people and for programs", async () => {
    const text = await says(list({ folder }));
    assert.match(text, /^In .*, issued by Example Root:$/m);
    assert.match(text, /^grace +ends in 500 days +[0-9A-F]{32} +CN=Grace Hopper,OU=admins,O=Example,C=FR$/m);
    const parsed = JSON.parse(await says(list({ folder, json: true }))) as { name: string }[];
    assert.deepEqual(parsed.map(({ name }) => name).slice(0, 2), ["gateway.example.org", "grace"]);
  });

  it("show says what is in a certificate", async () => {
    const text = await says(show("grace", { folder }));
    assert.match(
      text,
      /^Subject +CN=Grace Hopper,OU=admins,O=Example,C=FR\nAlso +email:grace@example\.org$/m,
    );
    assert.match(text, /^Key +prime256v1\nSHA-256 +([0-9A-F]{2}:){31}[0-9A-F]{2}\nNow +ends in 500 days$/m);
    writeFileSync(at("text"), "nothing");
    await refuses(show(at("text"), { folder }), /text is neither a certificate nor a request/);
    await refuses(show("nobody", { folder }), /There is no .*nobody\.crt and no file nobody\. .* -- list/);
  });

  it("verify says OK, or what is wrong", async () => {
    assert.match(
      await says(verify("grace", { folder })),
      /grace\.crt: OK, for a client, ends \d+ \w+ \d{4}$/,
    );
    await refuses(verify(join(place.folder, "two", "grace.crt"), { folder }), /was not issued by root\.crt/);
    const own = read("grace.key");
    writeFileSync(at("grace.key"), read("gateway.example.org.key"));
    await refuses(verify("grace", { folder }), /does not belong to .*grace\.key/);
    writeFileSync(at("grace.key"), own);
  });

  it("export writes every shape, and never an authority's key", async () => {
    await exportName("grace", { folder, password });
    const info = () =>
      execFileSync("sh", ["-c", `openssl pkcs12 -in grace.p12 -passin pass:${password} -info -noout 2>&1`], {
        cwd: folder,
        encoding: "utf8",
      });
    assert.match(info(), /MAC: sha256[^]*AES-256-CBC/);
    await exportName("grace", { folder, password, legacy: true });
    assert.match(info(), /MAC: sha1[^]*TripleDES/);
    await exportName("grace", { folder, der: true });
    assert.deepEqual(readFileSync(at("grace.der")), certificate("grace").raw);
    await exportName("grace", { folder, chain: true });
    assert.equal(read("grace-chain.pem"), read("grace.crt") + read("root.crt"));
    const pem = read("grace.pem");
    await exportName("grace", { folder, pem: true });
    assert.equal(read("grace.pem"), pem);
    await exportName("root", { folder, der: true });
    await refuses(exportName("root", { folder, password }), /signs certificates and is not given away/);
    assert.ok(!existsSync(at("root.p12")));
  });

  it("import-help knows every system", () => {
    for (const system of [
      "macos",
      "windows",
      "linux",
      "firefox",
      "chrome",
      "ios",
      "android",
      "curl",
      "python",
      "powershell",
    ] as const)
      // prettier-ignore
      assert.match(importHelp(system, "grace", { folder }).join("\n"), /grace\.(p12|pem|crt)/, system);
  });

  it("sign-request issues for a key that stays elsewhere, and says what for", async () => {
    const [csr, ownKey] = [join(place.folder, "test.csr"), join(place.folder, "test.key")];
    place.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", ownKey, "-out", csr, "-subj", "/OU=admins/CN=Test Subject", "-addext", "subjectAltName=email:test@example.org", "-addext", "basicConstraints=CA:TRUE"); // prettier-ignore
    assert.match(
      await says(show(csr, { folder })),
      /is a request, signed with its own key:[^]*CN=Test Subject,OU=admins/,
    );
    const text = await says(signRequest(csr, { folder }));
    assert.match(text, /^Signed .*test\.csr for CN=Test Subject,O=Example,C=FR, email:test@example\.org\.$/m);
    assert.equal(certificate("test").ca, false);
    await refuses(signRequest(csr, { folder }), /test\.crt is already there/);
    await refuses(signRequest(csr, { folder, name: "grace" }), /grace\.key is another key under this name/);
    await refuses(
      signRequest(csr, { folder, name: "gw", server: true }),
      /asks for email:.* may ask for dns and ip/,
    );
    await signRequest(csr, { folder, name: "as", as: "Someone Else", upn: "a@ad", group: ["guests"] });
    assert.equal(certificate("as").subject, "C=FR\nO=Example\nOU=guests\nCN=Someone Else");
    assert.match(certificate("as").subjectAltName ?? "", /^othername/);
  });

  it("renew keeps the holder, and their key where only they have it", async () => {
    const [before, keyBefore] = [certificate("grace"), read("grace.key")];
    const text = await says(renew("grace", { folder, password }));
    assert.match(text, /^Renewed Grace Hopper: .*grace\.crt, ends /);
    assert.ok(text.includes(`revoke ${before.serialNumber} --reason superseded`));
    assert.equal(certificate("grace").subject, before.subject);
    assert.notEqual(read("grace.key"), keyBefore);
    assert.match(await says(verify("grace", { folder })), /OK/);
    const kept = read("grace.key");
    await renew(at("grace.crt"), { folder, password, sameKey: true, days: 3 });
    assert.equal(read("grace.key"), kept);
    const text2 = await says(renew("test", { folder }));
    assert.match(text2, /test\.crt, for the key its holder keeps, ends/);
    assert.ok(!existsSync(at("test.key")));
  });

  it("revoke under a name takes everything that was issued under it, and writes the list", async () => {
    const text = await says(revoke("grace", { folder, reason: "cessationOfOperation" }));
    assert.equal(text.match(/^Revoked grace on /gm)?.length, 3);
    assert.match(text, /revoked\.crl: list number 1, 3 revoked, good until/);
    await refuses(verify("grace", { folder }), /was revoked on .* \(cessationOfOperation\)/);
    await refuses(revoke("grace", { folder }), /grace was revoked already, on /);
    await refuses(renew("grace", { folder, password }), /what is revoked is not renewed/);
    assert.match(await says(list({ folder })), /^grace +revoked on .* \(cessationOfOperation\)/m);
  });

  it("revoke takes a file and a serial number, and leaves the list for later if told", async () => {
    const text = await says(revoke(at("as.crt"), { folder, crl: false }));
    assert.match(text, /^Revoked as on [^]*No gateway knows yet\. Next, .* -- crl/);
    const { serialNumber } = certificate("gateway.example.org");
    await revoke(serialNumber, { folder, crl: false });
    const revoked = (await listIssued(folder)).filter((entry) => entry.revoked);
    assert.equal(revoked.length, 5);
    assert.match(await says(crl({ folder })), /list number 2, 5 revoked/);
    await refuses(
      revoke(join(place.folder, "two", "grace.crt"), { folder }),
      /was not issued by the authority in/,
    );
    await refuses(revoke(at("root.crt"), { folder }), /was not issued by the authority in/);
  });
});
