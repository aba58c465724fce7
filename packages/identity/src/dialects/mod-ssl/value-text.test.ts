import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { outcomeOf } from "../../testing/outcome-of.ts";
import { parseValue, printValue } from "./value-text.ts";

it("prints controls and backslashes escaped, the rest as it is or in ASCII", () => {
  assert.equal(printValue("a,b/c=d é\r\n\0\x7f\\41", "utf-8"), String.raw`a,b/c=d é\0D\0A\00\7F\\41`);
  assert.equal(printValue("é🦆\\", "ascii"), String.raw`\C3\A9\F0\9F\A6\86\\`);
});

it("reads back every value, in either form", () => {
  const units = fc.constantFrom(..."\\\\0aA4DF\r\n\0é🦆 ,\u202e".split(""), "🦆");
  fc.assert(
    fc.property(fc.string({ unit: units }), fc.constantFrom("ascii", "utf-8"), (text, form) => {
      const whole = text.toWellFormed();
      assert.equal(parseValue(printValue(whole, form)), whole);
    }),
  );
});

for (const text of ["\\", "a\\", "\\4", "\\4g", "\\x41", "\\0d", "\\FF", "\\C3", "\\,"]) {
  it(`refuses ${text}`, () => {
    assert.equal(
      outcomeOf(() => parseValue(text)),
      "name-malformed",
    );
  });
}
