import assert from "node:assert/strict";
import { it } from "node:test";
import { median } from "./median.ts";

it("takes the middle one, or what lies between the middle two", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 6]), 5.5);
  assert.equal(median([10, 9, 100]), 10);
  assert.ok(Number.isNaN(median([])));
});
