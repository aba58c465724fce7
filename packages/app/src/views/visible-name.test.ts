import assert from "node:assert/strict";
import { it } from "node:test";
import { visibleName } from "./visible-name.ts";

it("names as people write them stay as they are", () => {
  for (const name of ["Grace Hopper", "Zoë", "日本 太郎", "O'Brien, J. <j@x.test>", "می‌خواهم", "👩‍🚀"]) {
    assert.equal(visibleName(name), name);
  }
});

it("controls, line ends and direction marks are spelled out", () => {
  assert.equal(
    visibleName("a\u0000b\nc\u001b[31m\u007f\u0085"),
    "a\\u0000b\\u000Ac\\u001B[31m\\u007F\\u0085",
  );
  assert.equal(visibleName("a\u2028b\u202ec\u2066d\u200fe"), "a\\u2028b\\u202Ec\\u2066d\\u200Fe");
  assert.equal(visibleName("\ud800"), "\\uD800");
});
