import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { foldKey } from "./fold-key.ts";
import { normalForm } from "./normal-form.ts";

const decomposed = "E\u0301";
/** Marks in the wrong order: sorting them is what costs. */
const marks = "a\u0301\u0327";

describe("a normal form", () => {
  it("is Unicode's, for whatever a name, a title or a password may be", () => {
    assert.equal(normalForm(decomposed, "NFC"), "É");
    assert.equal(normalForm("\uff21", "NFKC"), "A");
    // 1,024 characters, of four units each.
    assert.equal(normalForm("\u03b1\u0313\u0300\u0345".repeat(1024), "NFC"), "\u1f82".repeat(1024));
  });

  it("is not looked for in a text that is too long to be any of them", () => {
    const long = marks.repeat(2000);
    assert.equal(normalForm(long, "NFC"), long);
    assert.equal(normalForm(long, "NFKC"), long);
    assert.notEqual(long.normalize("NFC"), long);
  });

  it("nor is one key made of two long texts", () => {
    const long = marks.repeat(2000);
    assert.ok(foldKey(long).includes(long));
    assert.notEqual(foldKey(long.toUpperCase()), foldKey(long));
    assert.equal(foldKey(marks.toUpperCase()), foldKey(marks));
  });
});
