import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { ConfigError } from "./config-error.ts";
import { loadSettings } from "./load.ts";
import { configFolder } from "./testing/config-folder.ts";

const { folder, openssl, load, problemsOf } = configFolder();

openssl("req", "-new", "-key", "server.key", "-subj", "/CN=localhost", "-out", "server.csr");
openssl("x509", "-req", "-in", "server.csr", "-signkey", "server.key", "-days", "-1", "-out", "expired.crt");
openssl("pkey", "-in", "server.key", "-aes256", "-passout", "pass:secret", "-out", "encrypted.key");
openssl("ec", "-in", "server.key", "-aes256", "-passout", "pass:secret", "-out", "encrypted-traditional.key");
writeFileSync(join(folder, "garbage.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
writeFileSync(join(folder, "good.secret"), `${"a1".repeat(32)}\n`);
mkdirSync(join(folder, "folder.pem"));

const sound = `listen:
  - { port: 8443, mode: mutual }
tls: { certificate: server.crt, key: server.key }
clients: { authorities: [server.crt] }
backendSecret: { file: good.secret }
routes:
  - { prefix: /flask/, upstream: "http://127.0.0.1:5000/" }
`;

const placesOf = (text: string) => problemsOf(text).map(({ line, path }) => `${line} ${path}`);

describe("a sound configuration", () => {
  it("is read with its defaults, and relative paths are relative to the file", () => {
    const settings = load(sound).run();
    assert.deepEqual(settings.listen, [
      {
        host: "127.0.0.1",
        port: 8443,
        mode: "mutual",
        onBadCertificate: "explain",
        connections: 10_000,
        fastPath: false,
      },
    ]);
    assert.equal(settings.tlsLimits.minVersion, "TLSv1.2");
    assert.equal(settings.reloadOnChange, true);
    assert.deepEqual(settings.hosts, []);
    assert.equal(settings.log.access, true);
    assert.equal(settings.backendSecret, "a1".repeat(32), "without the line break of its file");
    const { clients, routes, tls } = settings.site;
    assert.equal(clients?.authorities.length, 1);
    assert.equal(clients.presence, "required");
    assert.equal(clients.depth, 1);
    assert.deepEqual(clients.revocation, []);
    assert.deepEqual(routes[0]?.identity, [{ dialect: "ssl-client", spelling: "as-is" }]);
    assert.equal(tls?.leaf.subject, "CN=localhost");
    const names = settings.files.map((file) => basename(file));
    assert.deepEqual(names.slice(1), ["server.crt", "server.key", "good.secret"]);
    assert.match(names[0] ?? "", /^gateway-\d+\.yaml$/);
  });

  it("needs no certificate where no TLS is spoken", () => {
    assert.deepEqual(problemsOf("listen: [{ port: 8080, mode: http }]\n"), []);
  });

  it("may be optional about certificates beside a listener that cannot ask for them", () => {
    const both = sound.replace("listen:\n", "listen:\n  - { port: 8080, mode: http }\n");
    assert.deepEqual(problemsOf(both.replace("[server.crt] }", "[server.crt], presence: optional }")), []);
  });
});

describe("all problems are told at once, each with its line", () => {
  it("of the shape", () => {
    const text = `listen:
  - { port: 70000, mode: mutual }
  - port: 8080
    mode: ftp
tls:
  certificate: server.crt
  key: ""
  minVersion: TLSv1.1
routes:
  - prefix: flask
    upstream: 127.0.0.1:5000
    identity: [nobody]
  - { prefix: /x/, upstream: "http://127.0.0.1:5000/", identity: [] }
log: { access: yes please }
`;
    assert.deepEqual(placesOf(text), [
      "2 listen.0.port", "4 listen.1.mode", "7 tls.key", "8 tls.minVersion", "10 routes.0.prefix", "11 routes.0.upstream", "12 routes.0.identity.0.dialect", "13 routes.1.identity", "14 log.access",
    ]); // prettier-ignore
  });

  it("of unknown keys, every one by its name", () => {
    const text = `${sound}log: { access: true, acess: true }\nclient: {}\nrutes: []\n`;
    assert.deepEqual(placesOf(text).toSorted(), ["10 rutes", "8 log.acess", "9 client"]);
  });

  it("of the files", () => {
    const text = `listen: [{ port: 1, mode: mutual }]
tls:
  certificate: missing.crt
  key: missing.key
clients:
  authorities:
    - server.crt
    - missing.pem
    - garbage.pem
    - server.key
    - folder.pem
backendSecret:
  file: missing.secret
`;
    const problems = problemsOf(text);
    assert.deepEqual(
      problems.map(({ line, path }) => `${line} ${path}`),
      ["3 tls.certificate", "4 tls.key", "8 clients.authorities.1", "9 clients.authorities.2", "10 clients.authorities.3", "11 clients.authorities.4", "13 backendSecret.file"],
    ); // prettier-ignore
    for (const { what } of problems)
      assert.match(what, /missing|garbage|server\.key|folder/, "it names the file");
  });

  it("in one message, a line each, without a stack of ours in it", () => {
    const { run } = load("listen: []\nroutes: 5\n");
    assert.throws(
      run,
      (error: Error) => error.message.split("\n").length === 2 && !error.message.includes("    at "),
    );
  });
});

describe("what is no YAML, or cannot be read, is told by line and by file", () => {
  it("a file that is not there", () => {
    assert.throws(() => loadSettings(join(folder, "nowhere.yaml")), /nowhere\.yaml.*does not exist/);
    assert.throws(() => loadSettings(folder), /is a folder/);
  });

  const broken: Record<string, [text: string, line: number]> = {
    "an open bracket": ["listen: [\n  {\n", 3],
    "a tab for indentation": ["listen:\n\t- x\n", 2],
    "a key twice": ["log: { access: true }\nlog: { access: false }\n", 2],
    "two documents": ["listen: []\n---\nlisten: []\n", 2],
  };
  for (const [what, [text, line]] of Object.entries(broken)) {
    it(what, () => {
      const problems = problemsOf(text);
      assert.ok(problems.length > 0);
      assert.equal(problems[0]?.line, line);
    });
  }

  it("an alias to nothing, and an alias bomb", () => {
    assert.throws(load("listen: []\ntls: *nothing\n").run, ConfigError);
    const levels = Array.from(
      { length: 12 },
      (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(10)}]`,
    );
    assert.throws(load(`a0: &a0 [x]\n${levels.join("\n")}\n`).run, ConfigError);
  });

  for (const text of ["", "# nothing\n", "null\n", "5\n", "[]\n", "text\n"]) {
    it(`${JSON.stringify(text)} is a configuration with something missing`, () => {
      assert.ok(problemsOf(text).length > 0);
    });
  }
});

describe("a setting that could not have the effect it asks for is refused", () => {
  const cases: Record<string, [text: string, paths: string[]]> = {
    "TLS without a certificate": ["listen: [{ port: 1, mode: https }]\n", ["listen.0.mode"]],
    "mutual without TLS and without authorities": ["listen: [{ port: 1, mode: mutual }]\n", ["listen.0.mode", "listen.0.mode"]],
    "mutual without authorities": ["listen: [{ port: 1, mode: mutual }]\ntls: { certificate: server.crt, key: server.key }\n", ["listen.0.mode"]],
    "required certificates on plain http": [sound.replace("mode: mutual", "mode: http"), ["listen.0.mode", "clients"]],
    "required certificates on https": [sound.replace("mode: mutual", "mode: https"), ["listen.0.mode", "clients"]],
    "required certificates, and a second listener that cannot ask for them": [sound.replace("listen:\n", "listen:\n  - { port: 8080, mode: http }\n"), ["listen.0.mode"]],
    "optional certificates that no listener asks for": [sound.replace("mode: mutual", "mode: https").replace("[server.crt] }", "[server.crt], presence: optional }"), ["clients"]],
    "the same prefix twice": [`${sound}  - { prefix: /flask/, upstream: "http://127.0.0.1:5001/" }\n`, ["routes.1.prefix"]],
    "no listener": ["listen: []\n", ["listen"]],
    "no authority": [sound.replace("[server.crt]", "[]"), ["clients.authorities"]],
    "a depth below zero": [sound.replace("[server.crt] }", "[server.crt], depth: -1 }"), ["clients.depth"]],
  }; // prettier-ignore
  for (const [what, [text, paths]] of Object.entries(cases)) {
    it(what, () => {
      assert.deepEqual(
        problemsOf(text).map(({ path }) => path),
        paths,
      );
    });
  }

  it("two dialects that would write the same header on one route", () => {
    const text = sound.replace('5000/" }', '5000/", identity: [ssl-client, mod_ssl-legacy] }');
    assert.match(problemsOf(text)[0]?.path ?? "", /^routes\.0\.identity/);
  });
});

describe("certificates, keys and secrets must fit each other", () => {
  const withTls = (certificate: string, key: string) =>
    sound.replace("server.crt, key: server.key", `${certificate}, key: ${key}`);
  const cases: Record<string, [text: string, path: string, what: RegExp]> = {
    "the key of another certificate": [withTls("server.crt", "other.key"), "tls.key", /other\.key is not the key of server\.crt/],
    "an expired certificate": [withTls("expired.crt", "server.key"), "tls.certificate", /expired\.crt ended on \d{4}-\d\d-\d\d/],
    "an encrypted key": [withTls("server.crt", "encrypted.key"), "tls.key", /encrypted\.key is protected by a passphrase/],
    "an encrypted key of the older form": [withTls("server.crt", "encrypted-traditional.key"), "tls.key", /protected by a passphrase/],
    "a certificate for a key": [withTls("server.crt", "server.crt"), "tls.key", /server\.crt holds no private key/],
    "a key for a certificate": [withTls("server.key", "server.key"), "tls.certificate", /server\.key holds no PEM certificate/],
    "a broken certificate": [withTls("garbage.pem", "server.key"), "tls.certificate", /certificate 1 in garbage\.pem cannot be read/],
  }; // prettier-ignore
  for (const [name, [text, path, what]] of Object.entries(cases)) {
    it(name, () => {
      const problems = problemsOf(text);
      assert.deepEqual(
        problems.map((problem) => problem.path),
        [path],
      );
      assert.match(problems[0]?.what ?? "", what);
    });
  }

  const secrets: Record<string, string> = {
    empty: "",
    "only a line break": "\n",
    "one character short": "x".repeat(31),
    "with a space inside": `${"x".repeat(20)} ${"x".repeat(20)}`,
    "with a line break inside": `${"x".repeat(40)}\nX-Forged: 1`,
    "with a control character": `${"x".repeat(40)}\x07`,
    "beyond ASCII": "é".repeat(40),
    "too long for a header": "x".repeat(513),
  };
  for (const [what, secret] of Object.entries(secrets)) {
    it(`a secret that is ${what}`, () => {
      writeFileSync(join(folder, "bad.secret"), secret);
      const problems = problemsOf(sound.replace("good.secret", "bad.secret"));
      assert.deepEqual(problems.map(({ path, line }) => `${line} ${path}`), ["5 backendSecret.file"]);
      const told = secret.trim();
      if (told !== "") assert.ok(!problems[0]?.what.includes(told), "and it is not told to anybody");
    });
  } // prettier-ignore

  it("a file that this user may not read", { skip: process.getuid?.() === 0 }, () => {
    writeFileSync(join(folder, "closed.key"), "x");
    chmodSync(join(folder, "closed.key"), 0);
    assert.match(
      problemsOf(withTls("server.crt", "closed.key"))[0]?.what ?? "",
      /closed\.key may not be read/,
    );
  });
});

const withRoute = (prefix: string, upstream: string) =>
  `listen: [{ port: 1, mode: http }]\nroutes:\n  - prefix: ${JSON.stringify(prefix)}\n    upstream: ${JSON.stringify(upstream)}\n`;

describe("a prefix is a plain path between slashes", () => {
  for (const prefix of ["/", "/flask/", "/a/b/c/", "/A.b_c~d-e/", "/.../", "/..a/", "/.well-known/"]) {
    it(`${prefix} is taken`, () => {
      assert.deepEqual(problemsOf(withRoute(prefix, "http://h/")), []);
    });
  }
  for (const prefix of ["", "flask", "flask/", "/flask", "//", "/flask//", "//x/", "/../", "/./", "/a/../b/", "/a/./", "/a b/", "/é/", "/%2e%2e/", "/a?b/", "/a#b/", "/a\\b/", "/a;b/", "/a\n/", "/*/", "http://h/"]) {
    it(`${JSON.stringify(prefix)} is refused`, () => {
      assert.deepEqual(placesOf(withRoute(prefix, "http://h/")), ["3 routes.0.prefix"]);
    });
  } // prettier-ignore
});

describe("an upstream is a host and a port, a path if need be, or a Unix socket", () => {
  for (const upstream of ["http://127.0.0.1:5000/", "http://127.0.0.1:5000", "http://h", "http://h/", "https://h/", "https://h:8443/app/", "http://a_b-c.example:80/app/", "http://[::1]:5000/", "http://[::1]/a/b/", "unix:/run/app.sock"]) {
    it(`${upstream} is taken`, () => {
      assert.deepEqual(problemsOf(withRoute("/x/", upstream)), []);
    });
  } // prettier-ignore
  const hostile = ["", "h", "h:5000", "127.0.0.1:5000", "//h/", "HTTPS://h/", "ftp://h/", "file:///etc/passwd", "http:///", "http://", "http:/h/", "http://h/app", "http://h?x", "http://h/?x", "http://h/#x", "http://h/a?b/", "http://h/a#b/", "http://h /", " http://h/", "http://h/\n", "http://user@host/", "http://user:pass@host/", "http://@host/", "http://host@/", "http://host/../x/", "http://host/./", "http://host/%2e%2e/x/", "http://host/a/..%2f/", "http://host\\@evil/", "http://host\\evil/", "http://host//", "http://host/a//b/", "http://host:abc/", "http://host:99999/", "http://host:/", "http://host:1:2/", "http://host:-1/", "http://[zz]/", "http://[::::]/", "http://[::1/", "http://::1/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://host%41/", "http://hést/", "http://host/é/", "http://host,other/", "unix:", "unix:run/app.sock", "unix://run/app.sock:/x", "unix:/a b", "unix:/a:b", "unix:/a\n"]; // prettier-ignore
  for (const upstream of hostile) {
    it(`${JSON.stringify(upstream)} is refused in words`, () => {
      assert.deepEqual(placesOf(withRoute("/x/", upstream)), ["4 routes.0.upstream"]);
    });
  }
});
