import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAuthority, issueCertificate, type Attribute } from "@sallyport/certs";
import { anonymous, readCertificate, type ClientIdentity } from "@sallyport/identity";
import fc from "fast-check";
import { parse } from "yaml";
import { rulesSchema } from "../config/rules-schema.ts";
import { compileRules } from "./rules.ts";
import { bitString, bmpString, oids, person, rdn, type Person } from "./testing/people.ts";

/** Rules as they stand in gateway.yaml. */
const rulesOf = (yaml: string) => compileRules(rulesSchema.parse(parse(yaml)));
const detailOf = (yaml: string, identity: ClientIdentity) => rulesOf(yaml).judge(identity).detail;

/** Whether a condition that allows holds, and whether the same condition that denies does. */
function holds(condition: string, who: Person): string {
  const identity = person(who);
  const allows = rulesOf(`[{ allow: ${condition} }]`).judge(identity).permitted;
  const denies = !rulesOf(`[{ deny: ${condition} }, { allow: any }]`).judge(identity).permitted;
  if (allows === denies) return allows ? "both" : "neither";
  return allows ? "allow alone" : "deny alone";
}

type Outcome = "both" | "neither" | "deny alone";
type Case = readonly [condition: string, who: Person, outcome: Outcome];

function table(cases: readonly Case[]): void {
  for (const [condition, who, outcome] of cases) {
    it(`${condition}: ${outcome} for ${JSON.stringify(who)}`, () => {
      assert.equal(holds(condition, who), outcome);
    });
  }
}

describe("rules in order", () => {
  const yaml = `
    - { deny:  { subject: { CN: Mallory } } }
    - { allow: { subject: { OU: Engineering }, san: { email: "*@flask.local" } } }
    - { allow: { subject: { CN: Grace Hopper } } }
    - { deny: { subject: { CN: "*" } } }`;
  const email = "x@flask.local";
  const cases: readonly (readonly [who: Person, detail: string])[] = [
    [{ subject: "CN=Mallory" }, "rule 1 denies"],
    [{ subject: "CN=Mallory,OU=Engineering", emails: [email] }, "rule 1 denies"],
    [{ subject: "CN=Test Subject,OU=Engineering", emails: [email] }, "rule 2 allows"],
    [{ subject: "CN=Test Subject,OU=Engineering" }, "rule 4 denies"],
    [{ subject: "CN=Test Subject", emails: [email] }, "rule 4 denies"],
    [{ subject: "CN=Grace Hopper" }, "rule 3 allows"],
    [{ subject: "O=Nobody" }, "no rule matches"],
  ];
  for (const [who, detail] of cases)
    it(`${JSON.stringify(who)}: ${detail}`, () => {
      assert.equal(detailOf(yaml, person(who)), detail);
    });

  it("decide as the first does that holds, in any order", () => {
    const names = ["Grace", "Mallory", "Test"];
    const rule = fc.record({
      effect: fc.constantFrom("allow" as const, "deny" as const),
      name: fc.constantFrom(...names, "any"),
    });
    const identities = [anonymous, ...names.map((name) => person({ subject: `CN=${name}` }))];
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), (wanted) => {
        const rules = compileRules(
          wanted.map(({ effect, name }) => ({
            effect,
            who: name === "any" ? "any" : { subject: { attributes: [{ type: oids.CN, patterns: [name] }] } },
          })),
        );
        identities.forEach((identity, at) => {
          const first = wanted.findIndex(({ name }) => name === "any" || name === ["", ...names][at]);
          const { permitted, detail } = rules.judge(identity);
          assert.equal(permitted, wanted[first]?.effect === "allow");
          const verb = permitted ? "allows" : "denies";
          assert.equal(detail, first < 0 ? "no rule matches" : `rule ${first + 1} ${verb}`);
        });
      }),
    );
  });

  it("are asked once for a certificate, on however many connections, and anew by the next set of rules", () => {
    const { certificate } = person({ subject: "CN=Grace Hopper" });
    let asked = 0;
    const watched = new Proxy(certificate, {
      get(target, name) {
        if (name === "subject") asked += 1;
        return Reflect.get(target, name) as unknown;
      },
    });
    const rules = rulesOf("[{ allow: { subject: { CN: Grace Hopper } } }]");
    const connection = (): ClientIdentity => ({ verify: "SUCCESS", certificate: watched });
    assert.ok(rules.judge(connection()).permitted);
    const once = asked;
    assert.ok(once > 0);
    for (let times = 0; times < 3; times += 1) assert.ok(rules.judge(connection()).permitted);
    assert.equal(asked, once);
    assert.ok(!rulesOf("[{ deny: any }]").judge(connection()).permitted);
    assert.ok(!rules.judge({ verify: "FAILED", reason: "CRL", certificate: watched }).permitted);
    assert.ok(!rules.judge(anonymous).permitted);
  });
});

describe("who is not known", () => {
  it("without a certificate is anybody and nobody in particular", () => {
    assert.equal(detailOf("[{ allow: any }]", anonymous), "rule 1 allows");
    assert.equal(detailOf("[{ deny: any }]", anonymous), "rule 1 denies");
    for (const condition of ['subject: { CN: "*" }', "subject: { CN: { regex: '.*' } }", 'san: { dns: "*" }', 'issuer: "CN=x", serial: "00"', `spki: "${"00".repeat(32)}"`]) {
      assert.equal(detailOf(`[{ allow: { ${condition} } }]`, anonymous), "no rule matches");
      assert.equal(detailOf(`[{ deny: { ${condition} } }, { allow: any }]`, anonymous), "rule 2 allows");
    }
  }); // prettier-ignore

  it("with a certificate that was not believed is let in by no rule", () => {
    const { certificate } = person({ subject: "CN=Grace Hopper" });
    const failed: ClientIdentity = { verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate };
    const judgement = rulesOf("[{ allow: { subject: { CN: Grace Hopper } } }, { allow: any }]").judge(failed);
    assert.deepEqual(judgement, { permitted: false, detail: "the certificate is not believed" });
  });

  it("is denied by a condition that asks nothing, and let in by none", () => {
    const { permitted } = compileRules([{ effect: "allow", who: {} }]).judge(person({}));
    assert.equal(permitted, false);
    const denying = compileRules([{ effect: "deny", who: {} }, { effect: "allow", who: "any" }]); // prettier-ignore
    assert.equal(denying.judge(person({})).detail, "rule 1 denies");
  });
});

describe("attributes are compared as RFC 5280 prepares them", () => {
  const grace = (subject: string | Buffer): Person => ({ subject: [rdn("CN", subject)] });
  table([
    ["{ subject: { CN: grace HOPPER } }", grace("Grace  Hopper"), "both"],
    ["{ subject: { cn: Grace Hopper } }", grace(" Grace\u00a0Hopper "), "both"],
    ["{ subject: { 2.5.4.3: Grace Hopper } }", grace(bmpString("Grace Hopper")), "both"],
    ["{ subject: { CN: Grace Hopper } }", grace("Grace Hop\u200bper"), "both"],
    ["{ subject: { CN: Grace Hopper } }", grace("\u202eGrace Hopper\u202c"), "both"],
    ["{ subject: { CN: Grace Hopper } }", grace("\uff27race Hopper"), "both"],
    ["{ subject: { CN: Amélie } }", grace("AME\u0301LIE"), "both"],
    ["{ subject: { CN: STRASSE } }", grace("Straße"), "both"],
    ["{ subject: { CN: Grace Hopper } }", grace("GraceHopper"), "neither"],
    ["{ subject: { CN: Grace Hopper } }", grace("Grace Hopper 2"), "neither"],
    ["{ subject: { CN: Grace Hopper } }", grace("Gr\u0430ce Hopper"), "neither"], // a Cyrillic a
    ["{ subject: { CN: Grace Hopper } }", grace("Grac\u0435 Hopper"), "neither"],
    ["{ subject: { CN: Grace Hopper } }", grace("Grace Hopper\0"), "both"],
    ["{ subject: { CN: Grace Hopper } }", grace("Grace Hopper\0Mallory"), "neither"],
    ["{ subject: { CN: Grace Hopper } }", grace(bitString("Grace Hopper")), "neither"],
    ['{ subject: { CN: "*" } }', grace(bitString("Grace Hopper")), "neither"],
    ['{ subject: { CN: { regex: ".*" } } }', grace(bitString("Grace Hopper")), "neither"],
    ["{ subject: { OU: Grace Hopper } }", grace("Grace Hopper"), "neither"],
    ["{ subject: { CN: 'Hopper, Grace' } }", grace("Hopper, Grace"), "both"],
    ["{ subject: { CN: Grace Hopper } }", grace("Hopper, CN=Grace Hopper"), "neither"],
  ]);
});

describe("globs", () => {
  const named = (value: string): Person => ({ subject: [rdn("OU", value)] });
  table([
    ['{ subject: { OU: "Eng*" } }', named("ENGINEERING"), "both"],
    ['{ subject: { OU: "Eng*" } }', named("Eng"), "both"],
    ['{ subject: { OU: "*ing" } }', named("engineering"), "both"],
    ['{ subject: { OU: "E*g" } }', named("engineering"), "both"],
    ['{ subject: { OU: "E*g*g" } }', named("eng"), "neither"],
    ['{ subject: { OU: "Team *" } }', named("Teamwork"), "neither"],
    ['{ subject: { OU: "Team *" } }', named("team   7"), "both"],
    ['{ subject: { OU: "Team *" } }', named("Team"), "neither"],
    ['{ subject: { OU: "* Team" } }', named("Red\u2003TEAM"), "both"],
    ['{ subject: { OU: "* Team" } }', named("RedTeam"), "neither"],
    ['{ subject: { OU: "a * b" } }', named("a b"), "neither"],
    ['{ subject: { OU: " a* " } }', named("abc"), "both"],
    ['{ subject: { OU: "a**b" } }', named("ab"), "both"],
    ['{ subject: { OU: "?ng" } }', named("eng"), "neither"],
    ['{ subject: { OU: "[e]ng" } }', named("eng"), "neither"],
    ['{ subject: { OU: "a.*" } }', named("abc"), "neither"],
    ['{ subject: { OU: "Jose*" } }', named("Jose\u0301 Luis"), "neither"],
    ['{ subject: { OU: "a\uff0a*" } }', named("axyz"), "neither"],
    ['{ subject: { OU: "a\uff0a*" } }', named("a*yz"), "both"],
    ['{ subject: { OU: { regex: "a\\\\*" } } }', named("a*"), "both"],
    ['{ subject: { OU: { regex: "a\\\\*" } } }', named("ab"), "neither"],
    ["{ subject: { OU: [Sales, 'Eng*', { regex: 'x' }] } }", named("Engineering"), "both"],
    ["{ subject: { OU: [Sales, 'Eng*', { regex: 'x' }] } }", named("Marketing"), "neither"],
  ]);
});

describe("what has no comparison lets nobody in, and is no way around a rule against somebody", () => {
  const named = (value: string): Person => ({ subject: [rdn("OU", value)] });
  table([
    ['{ subject: { OU: "\ue000 x" } }', named("\ue000 x"), "both"],
    ['{ subject: { OU: "\ue000 x" } }', named("\ue000 X"), "neither"],
    ['{ subject: { OU: "Contractors*" } }', named("Contractors\ue000"), "deny alone"],
    ['{ subject: { OU: "Contractors" } }', named("Contr\ufffdactors"), "deny alone"],
    ['{ subject: { OU: "*" } }', named("\ue000"), "deny alone"],
  ]);
});

describe("regular expressions are anchored and see the value as it is written", () => {
  const named = (value: string): Person => ({ subject: [rdn("OU", value)] });
  table([
    ['{ subject: { OU: { regex: "eng-[0-9]+" } } }', named("eng-42"), "both"],
    ['{ subject: { OU: { regex: "eng-[0-9]+" } } }', named("eng-42 "), "neither"],
    ['{ subject: { OU: { regex: "eng-[0-9]+" } } }', named("xeng-42"), "neither"],
    ['{ subject: { OU: { regex: "eng-[0-9]+" } } }', named("eng-42\n"), "neither"],
    ['{ subject: { OU: { regex: "eng-[0-9]+" } } }', named("ENG-42"), "neither"],
    ['{ subject: { OU: { regex: "(?i)eng-[0-9]+" } } }', named("ENG-42"), "both"],
    ['{ subject: { OU: { regex: "a|b" } } }', named("ab"), "neither"],
    ['{ subject: { OU: { regex: "(?m)^a$" } } }', named("a\nb"), "neither"],
    ['{ subject: { OU: { regex: "a|ab" } } }', named("ab"), "both"],
    ['{ subject: { OU: { regex: "." } } }', named("\u{10400}"), "both"],
  ]);
});

describe("nobody is somebody else", () => {
  const twice: Person = { subject: [rdn("CN", "Mallory"), rdn("CN", "Grace Hopper")] };
  const oneRdn: Person = { subject: [[...rdn("CN", "Grace Hopper"), ...rdn("CN", "Mallory")]] };
  const half: Person = { subject: [rdn("CN", "Grace Hopper"), rdn("CN", bitString("Mallory"))] };
  table([
    ["{ subject: { CN: Grace Hopper } }", twice, "deny alone"],
    ["{ subject: { CN: Mallory } }", twice, "deny alone"],
    ["{ subject: { CN: '*' } }", twice, "deny alone"],
    ["{ subject: { CN: { regex: '.*' } } }", oneRdn, "deny alone"],
    ["{ subject: { CN: [Grace Hopper, Mallory] } }", oneRdn, "deny alone"],
    ["{ subject: { CN: Grace Hopper } }", half, "deny alone"],
    [
      "{ subject: { CN: Grace Hopper } }",
      { subject: [rdn("CN", "Grace Hopper"), rdn("CN", "Grace Hopper")] },
      "deny alone",
    ],
    [
      "{ subject: { CN: Grace Hopper } }",
      { subject: [rdn("OU", "x/CN=Grace Hopper"), rdn("CN", "Mallory")] },
      "neither",
    ],
    [
      "{ subject: { CN: Grace Hopper } }",
      { subject: [rdn("OU", "x,CN=Grace Hopper"), rdn("O", "CN=Grace Hopper")] },
      "neither",
    ],
    ["{ subject: { OU: [a] } }", { subject: [rdn("OU", "a"), rdn("OU", "b"), rdn("CN", "x")] }, "both"],
    [
      "{ subject: { OU: b, CN: x } }",
      { subject: [[...rdn("OU", "a"), ...rdn("OU", "b")], rdn("CN", "x")] },
      "both",
    ],
    ["{ subject: { OU: b, CN: x } }", { subject: [rdn("OU", "b")] }, "neither"],
    ["{ issuer: { CN: Test Authority } }", { issuer: "CN=Test Authority,CN=Other" }, "deny alone"],
  ]);
});

describe("whole names are compared as names", () => {
  const issuer = '"CN=Root Flask Local Certificate Authority,ST=Virginia,C=US"';
  const root = "CN=Root Flask Local Certificate Authority,ST=Virginia,C=US";
  table([
    [`{ issuer: ${issuer} }`, { issuer: root }, "both"],
    [`{ issuer: ${issuer} }`, { issuer: root.toUpperCase() }, "both"],
    [`{ issuer: ${issuer} }`, { issuer: "C=US,ST=Virginia,CN=Root Flask Local Certificate Authority" }, "neither"],
    [`{ issuer: ${issuer} }`, { issuer: `${root},O=More` }, "neither"],
    [`{ subject: ${issuer} }`, { subject: [rdn("CN", root)] }, "neither"],
    ['{ subject: ["CN=a,O=b", "CN=c"] }', { subject: "CN=C" }, "both"],
    ['{ subject: "CN=a+OU=b" }', { subject: "OU=b+CN=a" }, "both"],
    ['{ subject: "CN=a\\\\2Ab" }', { subject: "CN=a*b" }, "both"],
    ['{ subject: "CN=a\\\\2Ab" }', { subject: "CN=axb" }, "neither"],
  ]); // prettier-ignore
});

describe("alternative names", () => {
  table([
    ['{ san: { email: "*@flask.local" } }', { emails: ["other@x.test", "Grace@FLASK.local"] }, "both"],
    ['{ san: { email: "grace@flask.local" } }', { emails: ["Grace@flask.local"] }, "deny alone"],
    ['{ san: { email: "*@flask.local" } }', { emails: ["grace@evilflask.local"] }, "neither"],
    ['{ san: { email: "*@flask.local" } }', { emails: ["grace@flask.local.evil.test"] }, "neither"],
    ['{ san: { email: "grace@*" } }', { emails: ["grace@mallory@evil.test"] }, "deny alone"],
    ['{ san: { email: "*" } }', { emails: ["nobody"] }, "deny alone"],
    ['{ san: { email: "*" } }', { subject: "CN=a,emailAddress=a@b" }, "neither"],
    ['{ san: { dns: "*.flask.local" } }', { dnsNames: ["Web.Flask.Local"] }, "both"],
    ['{ san: { dns: "*.flask.local" } }', { dnsNames: ["flask.local"] }, "neither"],
    ['{ san: { dns: "*.flask.local" } }', { dnsNames: ["a.flask.local\0.evil.test"] }, "neither"],
    ['{ san: { dns: "web.flask.local" } }', { dnsNames: ["*.flask.local"] }, "neither"],
    ['{ san: { dns: "web.flask.local" } }', { subject: "CN=web.flask.local" }, "neither"],
    ['{ san: { uri: "spiffe://flask.local/team/*" } }', { uris: ["SPIFFE://Flask.Local/team/a/b"] }, "both"],
    ['{ san: { uri: "SPIFFE://FLASK.local/team/a" } }', { uris: ["spiffe://flask.local/team/a"] }, "both"],
    ['{ san: { uri: "spiffe://flask.local/team/*" } }', { uris: ["spiffe://flask.local/TEAM/a"] }, "deny alone"],
    ['{ san: { uri: "spiffe://flask.local/*" } }', { uris: ["spiffe://flask.local.evil.test/a"] }, "neither"],
    ['{ san: { uri: "spiffe://flask.local/*" } }', { uris: ["spiffe://flask.local@evil.test/a"] }, "neither"],
    ['{ san: { uri: "spiffe://flask.local/*" } }', { uris: ["spiffe://evil.test/spiffe://flask.local/a"] }, "neither"],
    ['{ san: { uri: "https://Me@flask.local/" } }', { uris: ["https://Me@FLASK.local/"] }, "both"],
    ['{ san: { uri: "https://Me@flask.local/" } }', { uris: ["https://me@flask.local/"] }, "deny alone"],
    ['{ san: { uri: "*" } }', { uris: ["no address"] }, "deny alone"],
    ['{ san: { upn: "grace@flask.local" } }', { upns: ["GRACE@flask.LOCAL"] }, "both"],
    ['{ san: { upn: "kate@flask.local" } }', { upns: ["\u212aate@flask.local"] }, "deny alone"],
    ['{ san: { upn: "grace@*" } }', { upns: ["grace@evil@flask.local"] }, "deny alone"],
    ['{ san: { upn: "grace@flask.local" } }', { emails: ["grace@flask.local"] }, "neither"],
    ['{ san: { upn: "*", email: "*" } }', { emails: ["grace@flask.local"] }, "neither"],
    ['{ san: { upn: "*", email: "*" } }', { emails: ["a@b"], upns: ["a@b"] }, "both"],
    ['{ san: { email: { regex: "[a-z]+@flask.local" } } }', { emails: ["grace@flask.local"] }, "both"],
    ['{ san: { email: { regex: "[a-z]+@flask.local" } } }', { emails: ["x;grace@flask.local"] }, "neither"],
  ]); // prettier-ignore
});

describe("numbers", () => {
  const { certificate } = person({ serial: "0a1b" });
  const { sha256, spkiSha256 } = certificate;
  const colons = (hex: string) => hex.toUpperCase().replace(/..(?!$)/g, "$&:");
  const serial = (text: string) => `{ issuer: "CN=test authority", serial: "${text}" }`;
  const judge = (condition: string) =>
    rulesOf(`[{ allow: ${condition} }]`).judge({ verify: "SUCCESS", certificate }).permitted;

  it("serials, by their value and beside their issuer", () => {
    for (const text of ["0A1B", "a1b", "0x0a1b", "0A:1B", "00:00:0a:1b"])
      assert.ok(judge(serial(text)), text);
    for (const text of ["A1B0", "1B", "-0A1B", "2587"]) assert.ok(!judge(serial(text)), text);
    assert.ok(!judge('{ issuer: "CN=another", serial: "0A1B" }'));
    assert.ok(judge('{ issuer: ["CN=another", "CN=Test Authority"], serial: ["01", "0A1B"] }'));
  });

  it("fingerprints and pins, in every spelling, and never one for the other", () => {
    const base64 = Buffer.from(spkiSha256, "hex").toString("base64");
    for (const text of [sha256, sha256.toUpperCase(), colons(sha256)])
      assert.ok(judge(`{ fingerprint: "${text}" }`));
    for (const text of [spkiSha256, colons(spkiSha256), base64, `sha256//${base64}`])
      assert.ok(judge(`{ spki: "${text}" }`));
    assert.ok(judge(`{ fingerprint: ["${"0".repeat(64)}", "${sha256}"] }`));
    assert.ok(!judge(`{ fingerprint: "${spkiSha256}" }`));
    assert.ok(!judge(`{ spki: "${sha256}" }`));
  });
});

it("a certificate of the authority that comes with the project meets its rule", async () => {
  const rootName: Attribute[] = [
    { type: "C", value: "US" },
    { type: "ST", value: "Virginia" },
    { type: "CN", value: "Root Flask Local Certificate Authority" },
  ];
  const issuer = await createAuthority({ subject: rootName, keyAlgorithm: "ec-p256" });
  const { der } = await issueCertificate({
    subject: [
      { type: "OU", value: "Engineering" },
      { type: "CN", value: "Grace Hopper" },
    ],
    issuer,
    keyAlgorithm: "ec-p256",
    alternativeNames: [
      { type: "email", value: "grace@flask.local" },
      { type: "url", value: "spiffe://flask.local/team/compilers" },
    ],
  });
  const certificate = readCertificate(Buffer.from(der));
  const yaml = `
    - { deny:  { subject: { CN: Mallory } } }
    - allow:
        subject: { OU: Engineering, CN: Grace Hopper }
        san: { email: "*@flask.local", uri: "spiffe://flask.local/team/*" }
        issuer: "CN=Root Flask Local Certificate Authority,ST=Virginia,C=US"
        serial: "${certificate.serialNumber}"
        fingerprint: "${certificate.sha256}"
        spki: "${certificate.spkiSha256}"`;
  assert.equal(detailOf(yaml, { verify: "SUCCESS", certificate }), "rule 2 allows");
});

describe("work", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => `- { allow: { subject: { OU: "Unit ${at}*", CN: { regex: "x+-${at}" } }, san: { uri: "spiffe://flask.local/${at}/*" } } }`).join("\n"); // prettier-ignore

  it("a thousand rules about three hundred attributes take seconds of work, not minutes", () => {
    const subject = Array.from({ length: 299 }, (_, at) => rdn("OU", `Unit of test ${at}`));
    const identity = person({ subject: [...subject, rdn("CN", "Mallory")], uris: ["spiffe://flask.local/1000/a"] });
    const yaml = parse(`${many(1000)}\n- { allow: { subject: { OU: "*test 298", CN: mallory } } }`) as unknown;
    const before = process.threadCpuUsage();
    assert.equal(compileRules(rulesSchema.parse(yaml)).judge(identity).detail, "rule 1001 allows");
    const { user, system } = process.threadCpuUsage(before);
    assert.ok(user + system < 10_000_000);
  }); // prettier-ignore
});
