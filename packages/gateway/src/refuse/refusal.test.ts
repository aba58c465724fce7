import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Refusal, refusals, type RefusalCode } from "./refusal.ts";

const codes = Object.keys(refusals) as RefusalCode[];
const documentation = new URL("../../../../docs/errors.md", import.meta.url);

describe("Refusal", () => {
  it("carries its code, its status and its public sentence, and keeps its detail to itself", () => {
    for (const code of codes) {
      const refusal = new Refusal(code, "secret detail");
      assert.deepEqual([refusal.code, refusal.status, refusal.message], [code, ...refusals[code]]);
      assert.equal(refusal.detail, "secret detail");
      assert.doesNotMatch(`${refusal.message}${String(refusal)}`, /secret detail/);
      assert.ok(refusal.status >= 400 && refusal.status < 600);
    }
  });

  it("is expected, hence has no stack, and leaves everybody else's stacks alone", () => {
    const before = Error.stackTraceLimit;
    assert.doesNotMatch(new Refusal("not-found").stack ?? "", /\n {4}at /);
    assert.equal(Error.stackTraceLimit, before);
    assert.match(new Error("x").stack ?? "", /\n {4}at /);
  });
});

it("every code is described in docs/errors.md", { skip: !existsSync(documentation) }, () => {
  const text = readFileSync(documentation, "utf8");
  assert.deepEqual(
    codes.filter((code) => !text.includes(`\`${code}\``)),
    [],
  );
});
