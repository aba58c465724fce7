import assert from "node:assert/strict";
import { it } from "node:test";
import { filePassword } from "./file-password.ts";

it("a password is the same for a link each time, and takes both halves", () => {
  const password = filePassword("salt", "token");
  assert.match(password, /^(?:[0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/);
  assert.equal(filePassword("salt", "token"), password);
  assert.notEqual(filePassword("other", "token"), password);
  assert.notEqual(filePassword("salt", "other"), password);
});
