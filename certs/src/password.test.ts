import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { choosePassword, generatePassword } from "./password.ts";

describe("password", () => {
  it("takes the one that was given", async () => {
    assert.deepEqual(await choosePassword("given", "test.p12"), { text: "given", generated: false });
  });

  it("generates one that can be read out, never the same twice", () => {
    const passwords = Array.from({ length: 100 }, generatePassword);
    assert.equal(new Set(passwords).size, 100);
    for (const password of passwords)
      assert.match(password, /^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/);
  });
});
