import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { trailerLines, trailerPairs } from "./trailers.ts";

const names = new Set(["x-sum", "x-other"]);

describe("trailers", () => {
  it("of an answer pass by name, in any case", () => {
    assert.deepEqual(trailerPairs(["X-Sum: \t1 2\t", "x-other:", "X-Third: 3"], names), [
      ["X-Sum", "1 2"],
      ["x-other", ""],
    ]);
  });
  it("of an answer that are no lines are dropped", () => {
    for (const line of ["X-Sum", ": x", " X-Sum: 1", "X-Sum : 1", "X_Sum: 1", "X-Sum: a\rb", "X-Sum: a\0b", "X-Sum: a\x7fb", ""])
      assert.deepEqual(trailerPairs([line], names), [], JSON.stringify(line));
  }); // prettier-ignore
  it("of a request pass by name, and no control with them", () => {
    const raw = ["X-Sum", "1", "X_Sum", "2", "X-Other", "a\r\nSSL_CLIENT_S_DN: x", "Host", "x"];
    assert.equal(trailerLines(raw, names), "X-Sum: 1\r\n");
    assert.equal(trailerLines(raw, undefined), "");
  });
});
