import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { configFolder } from "./testing/config-folder.ts";

const { problemsOf } = configFolder();

/** What is added to a sound configuration, and what is said of it: the line, the path, the words. */
type Added = Record<string, [yaml: string, ...said: (readonly [place: string, words: RegExp])[]]>;

function itSays(cases: Added, base: string): void {
  for (const [name, [yaml, ...said]] of Object.entries(cases)) {
    it(name, () => {
      const problems = problemsOf(base + yaml);
      assert.deepEqual(
        problems.map(({ line, path }) => `${line} ${path}`),
        said.map(([place]) => place),
      );
      said.forEach(([, words], at) => {
        assert.match(problems[at]?.what ?? "", words);
      });
    });
  }
}

const mutual = `listen: [{ port: 8443, mode: mutual }]
tls: { certificate: server.crt, key: server.key }
`;

describe("what is wrong with revocation is told in words", () => {
  const base = `${mutual}clients:\n  authorities: [server.crt]\n`;
  const entry = (text: string) => `  revocation:\n    - { crl: a.crl }\n    - ${text}\n`;
  const at = (key = "") => `7 clients.revocation.1${key}`;
  const kinds = /^must have exactly one of crl, ocsp and denyList$/;
  const unit = /^must be a number with its unit, such as 500ms, 90s, 30m, 24h or 7d$/;
  itSays({
    "two kinds in one entry": [entry("{ crl: b.crl, ocsp: aia }"), [at(), kinds]],
    "three": [entry("{ crl: b.crl, ocsp: aia, denyList: a.yaml }"), [at(), kinds]],
    "none": [entry("{ whenUnknown: allow }"), [at(), kinds]],
    "a name alone": [entry("revoked.crl"), [at(), /^must be a group of settings, not text/]],
    "a group where a list is meant": ["  revocation: { crl: a.crl }\n", ["5 clients.revocation", /^must be a list, not a group/]],
    "staleAfter of ocsp": [entry("{ ocsp: aia, staleAfter: 24h }"), [at(".staleAfter"), /crl/]],
    "staleAfter of a deny list": [entry("{ denyList: a.yaml, staleAfter: 24h }"), [at(".staleAfter"), /crl/]],
    "staleAfter without its unit": [entry("{ crl: b.crl, staleAfter: 24 }"), [at(".staleAfter"), unit]],
    "the same in quotes": [entry('{ crl: b.crl, staleAfter: "24" }'), [at(".staleAfter"), unit]],
    "staleAfter in weeks": [entry("{ crl: b.crl, staleAfter: 2w }"), [at(".staleAfter"), unit]],
    "whenUnknown of a deny list": [entry("{ denyList: a.yaml, whenUnknown: allow }"), [at(".whenUnknown"), /^has no meaning for a denyList, which always knows$/]],
    "whenUnknown that is neither": [entry("{ crl: b.crl, whenUnknown: maybe }"), [at(".whenUnknown"), /^must be refuse or allow$/]],
    "a responder without http://": [entry("{ ocsp: ocsp.example }"), [at(".ocsp"), /^must be aia or the address of a responder/]],
    "a responder that is no address": [entry('{ ocsp: "http://[zz]/" }'), [at(".ocsp"), /address/]],
    "a list by ldap": [entry('{ crl: "ldap://ldap.example/cn=list" }'), [at(".crl"), /^must be a file, a folder, cdp, or an address that begins with http:\/\/$/]],
    "a list at an address that is none": [entry('{ crl: "http://h:99999/a.crl" }'), [at(".crl"), /address/]],
    "a list without a name": [entry("{ crl: }"), [at(".crl"), /^has no value/]],
    "a list with an empty one": [entry('{ crl: "" }'), [at(".crl"), /^must not be empty$/]],
    "a source that is there already": [entry("{ crl: a.crl }"), [at(), /twice/]],
    "a key in the wrong case: one message, not two": [entry("{ denylist: a.yaml }"), [at(".denylist"), /^there is no such setting$/]],
    "everything at once": [
      `${entry("{ ocsp: nowhere, staleAfter: 1 }")}  presence: maybe\n  depth: two\n  insecureWeakKeys: sometimes\n`,
      [at(".ocsp"), /responder/], [at(".staleAfter"), unit], ["8 clients.presence", /^must be required or optional$/],
      ["9 clients.depth", /^must be a (?:whole )?number, not text/], ["10 clients.insecureWeakKeys", /^must be true or false, not text/],
    ],
  }, base); // prettier-ignore
});

describe("what is wrong with advertise is told by file", () => {
  itSays({
    "an authority that is not accepted": ["  advertise:\n    - server.crt\n    - other.crt\n", ["7 clients.advertise.1", /^other\.crt .*not accepted/]],
    "a file that is not there": ["  advertise: [nowhere.pem]\n", ["5 clients.advertise.0", /^nowhere\.pem does not exist$/]],
    "none": ["  advertise: []\n", ["5 clients.advertise", /^must not be an empty list$/]],
    "no list": ["  advertise: server.crt\n", ["5 clients.advertise", /^must be a list, not text$/]],
  }, `${mutual}clients:\n  authorities: [server.crt]\n`); // prettier-ignore
});

describe("what is wrong with hosts is told by host", () => {
  const base = `${mutual}clients: { authorities: [server.crt] }\nhosts:\n`;
  const name = /^must be a name such as admin\.example, or \*\.example for every name right below it$/;
  const odd = [
    "a_b.example",
    "a.*.example",
    "https://a.example",
    "a.example:443",
    "",
    "-a.example",
    "a..example",
    "\u00e4.example",
    "*",
  ];
  itSays({
    "a name that another host has, in whatever case": ["  - { names: [a.example, b.example] }\n  - { names: [A.example] }\n", ["6 hosts.1.names.0", /^a\.example is there twice$/]],
    "a name twice in one host": ["  - { names: [a.example, a.example] }\n", ["5 hosts.0.names.1", /^a\.example is there twice$/]],
    "names that are none": [`  - names:\n${odd.map((each) => `      - ${JSON.stringify(each)}\n`).join("")}`, ...odd.map((_, at) => [`${6 + at} hosts.0.names.${at}`, name] as const)],
    "an address, which nobody can ask for by name": ['  - { names: ["127.0.0.1"] }\n', ["5 hosts.0.names.0", /address/]],
    "no name": ["  - { names: [] }\n", ["5 hosts.0.names", /^must not be an empty list$/]],
    "names left out": ["  - { routes: [] }\n", ["5 hosts.0.names", /^is missing$/]],
    "unknown keys, also those that only the top level has": ["  - { names: [a.example], listen: [], tls: { certificate: server.crt, key: server.key, minVersion: TLSv1.3 } }\n", ["5 hosts.0.tls.minVersion", /^there is no such setting$/], ["5 hosts.0.listen", /^there is no such setting$/]],
    "another key": ["  - names: [a.example]\n    tls:\n      certificate: server.crt\n      key: other.key\n", ["8 hosts.0.tls.key", /^other\.key is not the key of server\.crt$/]],
    "what is wrong below them": ['  - names: [a.example]\n    clients:\n      authorities: [server.crt, nowhere.pem]\n    routes:\n      - { prefix: /a/, upstream: "http://h/" }\n      - { prefix: /a/, upstream: "http://h/" }\n', ["7 hosts.0.clients.authorities.1", /^nowhere\.pem does not exist$/], ["10 hosts.0.routes.1.prefix", /twice/]],
    "revocation below them": ["  - names: [a.example]\n    clients:\n      authorities: [server.crt]\n      revocation:\n        - { crl: a, ocsp: aia }\n", ["9 hosts.0.clients.revocation.0", /exactly one of/]],
  }, base); // prettier-ignore

  itSays({
    "certificates asked for on a host, and on no listener": ["  - { names: [a.example], clients: { authorities: [server.crt], presence: optional } }\n", ["4 hosts.0.clients", /no listener has mode: mutual/]],
  }, "listen: [{ port: 1, mode: https }]\ntls: { certificate: server.crt, key: server.key }\nhosts:\n"); // prettier-ignore
});

describe("presence and rules need to know whose certificates are accepted", () => {
  const base = 'listen: [{ port: 1, mode: http }]\nroutes:\n  - prefix: /a/\n    upstream: "http://h/"\n';
  const nothing = /^asks about client certificates, and nothing says whose are accepted$/;
  itSays({
    "rules": ["    rules: [{ allow: any }]\n", ["5 routes.0.rules", nothing]],
    "presence": ["    presence: required\n", ["5 routes.0.presence", nothing]],
    "on a host": ['hosts:\n  - names: [a.example]\n    routes:\n      - { prefix: /a/, upstream: "http://h/", rules: [{ deny: any }] }\n', ["8 hosts.0.routes.0.rules", nothing]],
  }, base); // prettier-ignore
  it("optional presence needs nothing", () => {
    assert.deepEqual(problemsOf(`${base}    presence: optional\n`), []);
  });
  itSays({
    "no rule": ["    rules: []\n", ["7 routes.0.rules", /^is empty: it would deny everybody/]],
    "a rule that says two things": ["    rules: [{ allow: any, deny: any }]\n", ["7 routes.0.rules.0", /^must have exactly one of allow and deny$/]],
    "a rule with a typo: one message, not two": ["    rules: [{ alow: any }]\n", ["7 routes.0.rules.0.alow", /^there is no such setting$/]],
    "a rule that is text": ["    rules: [deny]\n", ["7 routes.0.rules.0", /^must be a group of settings, not text$/]],
    "presence that is neither": ["    presence: none\n", ["7 routes.0.presence", /^must be required or optional$/]],
  }, `${mutual}clients: { authorities: [server.crt] }\nroutes:\n  - prefix: /a/\n    upstream: "http://h/"\n`); // prettier-ignore
});

describe("what is wrong with a listener is told in words", () => {
  const from = (list: string) => `    proxyProtocol: { from: [${list}] }\n`;
  const place = (at: number) => `4 listen.0.proxyProtocol.from.${at}`;
  itSays({
    "a network that is none": [from("10.0.0.0/33"), [place(0), /^must be an address, or a network such as 10\.0\.0\.0\/8/]],
    "a name instead of an address": [from("10.0.0.0/8, balancer.example"), [place(1), /^must be an address, or a network/]],
    "everybody": [from("0.0.0.0/0"), [place(0), /^is everybody: name those whose word is to be taken$/]],
    "everybody, in IPv6": [from('"::/0"'), [place(0), /^is everybody/]],
    "nobody": [from(""), ["4 listen.0.proxyProtocol.from", /^must not be an empty list$/]],
    "a socket with a colon in its name": ['    socket: "a:b"\n', ["4 listen.0.socket", /^must be a name without spaces and colons$/]],
    "a socket for several": ["    socket: https\nworkers: 2\n", ["4 listen.0.socket", /^several workers cannot have one socket/]],
  }, "listen:\n  - port: 1\n    mode: http\n"); // prettier-ignore
});

describe("what is wrong with the rest is told in words", () => {
  itSays({
    "a contact as long as a letter": [`contact: "${"x".repeat(201)}"\n`, ["4 contact", /^must have at most 200 characters$/]],
    "no contact": ['contact: ""\n', ["4 contact", /^must not be empty$/]],
    "a contact that YAML reads as a number": ["contact: 5550100\n", ["4 contact", /^must be text, not 5550100: put it in quotes$/]],
    "a contact in two lines": ['contact: "a\\nb"\n', ["4 contact", /one line/]],
    "a port that is none": ["metrics: { port: 70000 }\n", ["4 metrics.port", /^must be at most 65535$/]],
    "half a port": ["metrics: { port: 9464.5 }\n", ["4 metrics.port", /^must be a whole number, not 9464\.5$/]],
    "no port": ["metrics: {}\n", ["4 metrics.port", /^is missing$/]],
    "a port alone": ["metrics: 9464\n", ["4 metrics", /^must be a group of settings, not 9464$/]],
    "a path": ["metrics: { port: 9464, path: /m }\n", ["4 metrics.path", /^there is no such setting$/]],
    "the port of a listener": ["metrics: { port: 8443 }\n", ["4 metrics.port", /listen/]],
    "probes on the port of a listener": ["health: { port: 8443 }\n", ["4 health.port", /probes are not for clients$/]],
    "reloadOnChange that is neither": ["reloadOnChange: sometimes\n", ["4 reloadOnChange", /^must be true or false, not text$/]],
  }, `${mutual}clients: { authorities: [server.crt] }\n`); // prettier-ignore
});
