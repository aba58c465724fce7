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

describe("docs/errors.md", { skip: !existsSync(documentation) }, () => {
  const rows = () =>
    readFileSync(documentation, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

  it("describes every code, and no others, with the status it has", () => {
    assert.deepEqual(
      rows()
        .map(([code, status]) => `${code} ${status}`)
        .toSorted(),
      codes.map((code) => `\`${code}\` ${refusals[code][0]}`).toSorted(),
    );
  });

  it("says of each what happened, what the person does and what the operator does", () => {
    for (const cells of rows()) {
      assert.equal(cells.length, 5, cells[0]);
      for (const cell of cells) assert.notEqual(cell, "", cells[0]);
    }
  });
});
