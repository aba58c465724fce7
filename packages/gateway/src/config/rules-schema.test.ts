import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { compileRules } from "../policy/rules.ts";
import { rulesSchema } from "./rules-schema.ts";

/** `path: message` of every problem. */
function problemsOf(yaml: string): string[] {
  const read = rulesSchema.safeParse(parse(yaml));
  if (read.success) compileRules(read.data); // what is accepted can be compiled
  return (read.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("rules that are sound", () => {
  const sound = [
    "[{ allow: any }]",
    "[{ deny: any }]",
    "[{ deny: { subject: { CN: Mallory } } }]",
    "[{ allow: { subject: { OU: Engineering }, san: { email: '*@flask.local' } } }, { allow: any }]",
    "[{ allow: { subject: { 2.5.4.11: x, 1.2.840.113549.1.9.1: y, uid: z } } }]",
    "[{ allow: { subject: 'CN=a,O=b' } }, { deny: { issuer: ['CN=a', 'CN=b\\2A'] } }]",
    "[{ allow: { issuer: 'CN=a', serial: '0A' } }]",
    "[{ allow: { san: { uri: ['*', 'spiffe://flask.local/*', 'urn:example:*', 'https://a'] } } }]",
    "[{ allow: { san: { email: ['*', 'a*@*b'], upn: '*@x', dns: '*.x' } } }]",
    "[{ allow: { san: { dns: [{ regex: 'a*' }, b] } } }]",
  ];
  for (const yaml of sound)
    it(yaml, () => {
      assert.deepEqual(problemsOf(yaml), []);
    });

  it("come to lists, dotted OIDs and parsed names, whatever they were written as", () => {
    const yaml =
      "[{ allow: { subject: { ou: a }, issuer: 'CN=b', serial: '1', san: { dns: { regex: c } } } }]";
    const cn = [[{ type: "2.5.4.3", value: "b", der: undefined }]];
    assert.deepEqual(rulesSchema.parse(parse(yaml)), [
      {
        effect: "allow",
        who: {
          subject: { attributes: [{ type: "2.5.4.11", patterns: ["a"] }] },
          issuer: { names: [cn] },
          serial: ["01"],
          san: { dns: [{ regex: "c" }] },
        },
      },
    ]);
  });
});

describe("what would not do what it says is a problem at its own place", () => {
  const cases: readonly (readonly [yaml: string, ...problems: RegExp[]])[] = [
    ["[]", /^: is empty/],
    ["5", /^: .*expected array/],
    ["[5]", /^0: .*expected object/],
    ["[{}]", /^0: must have exactly one of allow and deny/],
    ["[{ allow: any, deny: any }]", /^0: must have exactly one/],
    ["[{ allow: any, who: me }]", /^0: Unrecognized key: "who"/],
    ["[{ allow: everybody }]", /^0\.allow: must be any, or a group/],
    ["[{ deny: }]", /^0\.deny: must be any, or a group/],
    ["[{ allow: [any] }]", /^0\.allow: must be any/],
    ["[{ allow: {} }]", /^0\.allow: says nothing/],
    ["[{ allow: { san: {} } }]", /^0\.allow\.san: says nothing/],
    ["[{ allow: { subject: {} } }]", /^0\.allow\.subject: names no attribute/],
    ["[{ allow: { subject: { OU: [] } } }]", /^0\.allow\.subject\.OU: must not be an empty list/],
    ["[{ allow: { subject: { OU: '' } } }]", /^0\.allow\.subject\.OU: must not be empty/],
    ["[{ allow: { subject: { OU: 42 } } }]", /^0\.allow\.subject\.OU: .*quotes/],
    ["[{ allow: { subject: { OU: true } } }]", /^0\.allow\.subject\.OU: .*quotes/],
    ["[{ allow: { subject: { OU: } } }]", /^0\.allow\.subject\.OU: must be text/],
    ["[{ allow: { subject: { OU: [a, [b]] } } }]", /^0\.allow\.subject\.OU\.1: must be text/],
    ["[{ allow: { subject: { XX: a, OU: 1 } } }]", /^0\.allow\.subject\.XX: is no attribute: write CN/, /OU: .*quotes/],
    ["[{ allow: { subject: { 3.1.1: a, 2.5.04: b, 1.40.1: c, 2.5: d } } }]", /3\.1\.1: is no attr/, /2\.5\.04: is no attr/, /1\.40\.1: is no attr/, /2\.5: is no attr/],
    ["[{ allow: { subject: { CN: a, cn: b, 2.5.4.3: c } } }]", /subject\.cn: is the attribute that CN is/, /subject\.2\.5\.4\.3: is the attribute that CN is/],
    ["[{ allow: { subject: '' } }]", /^0\.allow\.subject: must not be empty/],
    ["[{ allow: { subject: ' ' } }]", /^0\.allow\.subject: is not a name/],
    ["[{ allow: { subject: [] } }]", /^0\.allow\.subject: must not be an empty list/],
    ["[{ allow: { subject: /CN=Grace } }]", /^0\.allow\.subject: is not a name by RFC 4514/],
    ["[{ deny: { subject: 'CN=*' } }]", /^0\.deny\.subject: is a whole name/],
    ["[{ deny: { subject: { CN: \"a\\ue000*\" } } }]", /^0\.deny\.subject\.CN: holds a character/],
    ["[{ deny: { san: { email: \"*\\ue000@x\" } } }]", /^0\.deny\.san\.email: holds a character/],
    ["[{ allow: { subject: { OU: { regex: 'a(' } } } }]", /^0\.allow\.subject\.OU\.regex: .*missing closing/],
    ["[{ allow: { subject: { OU: [b, { regex: '(?=a)' }] } } }]", /^0\.allow\.subject\.OU\.1\.regex: /],
    ["[{ allow: { subject: { OU: { regexp: a } } } }]", /OU\.regex: must be text/, /OU: Unrecognized key/],
    ["[{ allow: { san: { mail: a@b } } }]", /^0\.allow\.san: Unrecognized key: "mail"/, /says nothing: name at least one of email/],
    ["[{ allow: { san: { email: '*flask.local' } } }]", /^0\.allow\.san\.email: must hold one @/],
    ["[{ allow: { san: { upn: 'grace' } } }]", /^0\.allow\.san\.upn: must hold one @/],
    ...["spiffe://flask.local*", "spiffe://*/team", "spiffe://*.local/team", "spiffe:*", "spiffe:/*", "*://x/", "**", "flask.local/*", "flask.local"].map(
      (uri) => [`[{ allow: { san: { uri: '${uri}' } } }]`, /^0\.allow\.san\.uri: must begin with a scheme and a whole host/] as const),
    ["[{ allow: { issuer: 'CN=a', serial: 1234 } }]", /^0\.allow\.serial: .*quotes/],
    ["[{ allow: { issuer: 'CN=a', serial: 12E4 } }]", /^0\.allow\.serial: .*quotes/],
    ["[{ allow: { serial: '1' } }]", /^0\.allow\.serial: needs its issuer/],
    ["[{ deny: { serial: '1' } }]", /^0\.deny\.serial: needs its issuer/],
    ["[{ allow: { issuer: { CN: a }, serial: '1' } }]", /^0\.allow\.serial: needs its issuer beside it as a whole name/],
    ["[{ allow: { fingerprint: 'AB:CD' } }]", /^0\.allow\.fingerprint: must be a SHA-256/],
    ["[{ allow: { spki: ['AB'] } }]", /^0\.allow\.spki\.0: must be the SHA-256 of a public key/],
    ["[{ allow: any }, { deny: { subject: { CN: a } } }, { deny: any }]", /^1: is never reached: rule 1/, /^2: is never reached: rule 1/],
    ["[{ deny: { subject: { CN: a } } }, { deny: any }, { allow: any }]", /^2: is never reached: rule 2 decides/],
  ]; // prettier-ignore
  for (const [yaml, ...expected] of cases)
    it(yaml, () => {
      const problems = problemsOf(yaml);
      assert.equal(problems.length, expected.length, problems.join("\n"));
      expected.forEach((pattern, at) => {
        assert.match(problems[at] ?? "", pattern);
      });
    });

  it("all at once", () => {
    const yaml = "[{ allow: { subject: { XX: a }, san: { email: b }, spki: c } }, { allow: }]";
    assert.equal(problemsOf(yaml).length, 4);
  });
});

it("can be described, with a sentence for each of the two", () => {
  const { items } = z.toJSONSchema(rulesSchema, { io: "input" });
  assert.match(JSON.stringify(items), /"allow":\{[^}]*Who may pass.*"deny":\{[^}]*Who may not/);
});
