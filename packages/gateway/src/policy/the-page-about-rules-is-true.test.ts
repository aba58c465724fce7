import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { rulesSchema } from "../config/rules-schema.ts";
import { compileRules } from "./rules.ts";
import { person } from "./testing/people.ts";

const page = readFileSync(new URL("../../../../docs/rules.md", import.meta.url), "utf8");

describe("docs/rules.md", () => {
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { rules: given } = parse(example) as { rules: unknown };
  const rules = compileRules(rulesSchema.parse(given));
  const rows = [...page.matchAll(/^\| `(.+?)` +\| (?:`(email|uri):(.+?)`)? +\| `(.+?)` +\|$/gm)];

  it("has rows to look at", () => {
    assert.ok(rows.length >= 10);
  });

  for (const [, subject = "", kind, name = "", outcome] of rows)
    it(`${subject} ${name}: ${outcome ?? ""}`, () => {
      const identity = person({
        subject,
        emails: kind === "email" ? [name] : [],
        uris: kind === "uri" ? [name] : [],
      });
      assert.equal(rules.judge(identity).detail, outcome);
    });

  it("its fifth rule is about one certificate", () => {
    const issuer = "CN=Test Authority,C=US";
    assert.equal(rules.judge(person({ issuer, serial: "0a1b" })).detail, "rule 5 allows");
    assert.equal(rules.judge(person({ issuer, serial: "0a1c" })).detail, "no rule matches");
  });
});
