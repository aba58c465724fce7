import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { makeRoot } from "./root.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** Runs the real command in a folder of its own, with nobody at the keyboard. */
function certs(cwd: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    cwd,
    encoding: "utf8",
    input: "",
    timeout: 15_000,
  });
  return { status, stdout, stderr };
}

describe("sallyport-certs", () => {
  let folder: string, pristine: string;
  let first: ReturnType<typeof certs>;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "certs-"));
    pristine = join(folder, "pristine");
    first = certs(folder, "demo", "--out", "pristine");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** A copy of the demo's folder to spoil. */
  function copy(name: string): string {
    cpSync(pristine, join(folder, name), { recursive: true });
    return join(folder, name);
  }
  const read = (path: string) => readFileSync(path, "utf8");

  it("demo ends with the verify lines, the dates and the way into keychains", () => {
    assert.equal(first.stderr, "");
    assert.equal(first.status, 0);
    assert.match(first.stdout, /^root +Root Flask Local Certificate Authority +made +ends \d+ \w+ \d{4}$/m);
    assert.match(first.stdout, /^server +\*\.flask\.local +made +ends /m);
    assert.match(first.stdout, /^server\.crt: OK\ngrace\.crt: OK\ncecilia\.crt: OK$/m);
    for (const line of [
      "security import grace.p12 -P password",
      "certutil -user -p password -importPFX grace.p12",
    ])
      assert.ok(first.stdout.includes(line), line);
    assert.match(first.stdout, /pk12util .*grace\.p12 -W password\n/);
    assert.match(first.stdout, /Firefox/);
    for (const line of first.stdout.split("\n")) assert.ok(line.length <= 80, line);
  });

  it("demo writes certificates that openssl verify accepts", () => {
    const verify = (name: string, ...options: string[]) =>
      execFileSync("openssl", ["verify", "-x509_strict", "-CAfile", "root.pem", ...options, name], {
        cwd: pristine,
        encoding: "utf8",
      });
    const names = ["flask.local", "app.flask.local", "localhost"].map((name) => ["-verify_hostname", name]);
    const addresses = ["127.0.0.1", "::1"].map((address) => ["-verify_ip", address]);
    for (const check of [...names, ...addresses])
      assert.equal(verify("server.crt", "-purpose", "sslserver", ...check), "server.crt: OK\n");
    for (const name of ["grace.crt", "cecilia.crt"])
      assert.equal(verify(name, "-purpose", "sslclient"), `${name}: OK\n`);
  });

  it("demo names people as the seed does, for 500 days below a root of 1024", () => {
    const show = (name: string, ...options: string[]) =>
      execFileSync("openssl", ["x509", "-in", name, "-noout", ...options], {
        cwd: pristine,
        encoding: "utf8",
      });
    const subject = (name: string) => show(name, "-subject", "-nameopt", "oneline,-space_eq");
    assert.equal(
      subject("root.crt"),
      "subject=C=US, ST=Virginia, CN=Root Flask Local Certificate Authority\n",
    );
    assert.equal(subject("grace.crt"), "subject=C=US, ST=Virginia, CN=Grace Hopper\n");
    assert.equal(subject("cecilia.crt"), "subject=C=US, ST=Virginia, CN=Cecilia Payne\n");
    const days = (name: string) => {
      const end = Date.parse(show(name, "-enddate").replace("notAfter=", ""));
      return Math.round((end - Date.now()) / 86_400_000);
    };
    assert.deepEqual(["root.crt", "server.crt", "grace.crt"].map(days), [1024, 500, 500]);
    for (const name of ["root.crt", "server.crt", "grace.crt"])
      assert.match(show(name, "-text"), /sha256WithRSAEncryption[^]*Public-Key: \(2048 bit\)/);
  });

  it("demo lets only their owner read keys, and puts no key beside the root's certificate", () => {
    for (const name of readdirSync(pristine)) {
      const open = name.endsWith(".crt") || name === "root.pem";
      assert.equal(statSync(join(pristine, name)).mode & 0o777, open ? 0o644 : 0o600, name);
    }
    assert.equal(read(join(pristine, "root.pem")), read(join(pristine, "root.crt")));
    assert.equal(
      read(join(pristine, "grace.pem")),
      read(join(pristine, "grace.crt")) + read(join(pristine, "grace.key")),
    );
    assert.equal(readdirSync(pristine).length, 17); // four for each holder, three for the root, the index and its lock
  });

  it("demo writes a .p12 that OpenSSL opens with `password`", () => {
    const options = ["-in", "grace.p12", "-passin", "pass:password", "-nodes"];
    const opened = execFileSync("openssl", ["pkcs12", ...options], { cwd: pristine, encoding: "utf8" });
    assert.match(opened, /friendlyName: grace-flask-local/);
    assert.ok(opened.includes(read(join(pristine, "grace.key"))));
  });

  it("demo reuses what is there, and says so", () => {
    const place = copy("reused");
    unlinkSync(join(place, "root.key"));
    const before = read(join(place, "grace.pem"));
    const { status, stdout } = certs(folder, "demo", "--out", "reused");
    assert.equal(status, 0);
    assert.equal(stdout.match(/ reused /g)?.length, 4);
    assert.match(stdout, /^server\.crt: OK\ngrace\.crt: OK\ncecilia\.crt: OK$/m);
    assert.equal(read(join(place, "grace.pem")), before);
  });

  it("init, server and client make the same, one after the other, with a password that is shown once", () => {
    assert.equal(certs(folder, "init", "--out", "steps", "--days", "30").status, 0);
    assert.equal(certs(folder, "server", "--out", "steps").status, 0);
    const flags = ["--email", "test@flask.local", "--days", "300"];
    const { stdout } = certs(folder, "client", "Test Subject", "--out", "steps", ...flags);
    assert.match(stdout, /^test\.crt: OK$/m);
    const [, password] = /^The password of test\.p12 is (\S+)$/m.exec(stdout) ?? [];
    assert.ok(password);
    const place = join(folder, "steps");
    const opened = ["-in", "test.p12", "-passin", `pass:${password}`, "-noout"];
    execFileSync("openssl", ["pkcs12", ...opened], { cwd: place });
    const show = (name: string, ...options: string[]) =>
      execFileSync("openssl", ["x509", "-in", name, "-noout", ...options], { cwd: place, encoding: "utf8" });
    assert.match(show("test.crt", "-ext", "subjectAltName"), /email:test@flask\.local/);
    assert.equal(show("test.crt", "-enddate"), show("root.crt", "-enddate"), "outlives its root");
  });

  it("answers a mistake with one sentence and exit code 1", () => {
    writeFileSync(join(folder, "file"), "");
    const mistakes: readonly [readonly string[], RegExp][] = [
      [["bogus"], /^unknown command 'bogus'\. See: npm run certs -- --help\n$/],
      [["client"], /^missing required argument 'name'\. See: .*\n$/],
      [["server", "--bogus"], /^unknown option '--bogus'\. See: .*\n$/],
      [["server", "--days", "0"], /^option '--days <number>' argument '0' is invalid\. .* See: .*\n$/],
      [["server", "--password", ""], /A password is not empty\. See: .*\n$/],
      [
        ["init", "--key", "dsa"],
        /argument 'dsa' is invalid\. It is one of rsa-2048, rsa-4096, p256, p384\. See: .*\n$/,
      ],
      [["revoke", "grace", "--reason", "boredom"], /is invalid\. It is one of keyCompromise, .* See: .*\n$/],
      [["import-help", "amiga"], /Allowed choices are macos, windows, .* See: .*\n$/],
      [["init", "--out", "file"], /^Cannot write to file: not a directory\. .*--out DIR\n$/],
    ];
    for (const [words, message] of mistakes) {
      const { status, stdout, stderr } = certs(folder, ...words);
      assert.equal(status, 1, words.join(" "));
      assert.equal(stdout, "");
      assert.match(stderr, message);
    }
  });

  it("takes an encrypted key's passphrase from a file, and has no option for it", async () => {
    await makeRoot({ folder: join(folder, "encrypted"), key: "ec-p256", passphrase: "a long passphrase" });
    writeFileSync(join(folder, "passphrase"), "a long passphrase\n");
    const without = certs(folder, "crl", "--out", "encrypted");
    assert.match(without.stderr, /^encrypted\/root\.key is encrypted\. .*--passphrase-file FILE\n$/);
    assert.equal(certs(folder, "crl", "--out", "encrypted", "--passphrase-file", "passphrase").status, 0);
    assert.match(certs(folder, "crl", "--passphrase", "x").stderr, /^unknown option '--passphrase'/);
  });

  it("shows its commands when asked", () => {
    const { status, stdout } = certs(folder, "--help");
    assert.equal(status, 0);
    assert.match(stdout, /demo .*\n.*\n? *init .*/);
  });
});
