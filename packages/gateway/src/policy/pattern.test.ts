import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "@sallyport/identity/testing/cpu-time";
import fc from "fast-check";
import { compareText } from "./comparison.ts";
import { compilePattern, matchesGlob, type PatternConfig } from "./pattern.ts";

/** Plainly right, and as slow as it is plain. */
function naive(glob: string, text: string): boolean {
  if (glob === "") return text === "";
  if (glob.startsWith("*")) return naive(glob.slice(1), text) || (text !== "" && naive(glob, text.slice(1)));
  return text.startsWith(glob.charAt(0)) && naive(glob.slice(1), text.slice(1));
}

const globs = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
const matches = (pattern: PatternConfig, text: string, effect: "allow" | "deny" = "allow") =>
  compilePattern(pattern, "attribute", effect)(compareText("attribute", text));

describe("a glob", () => {
  it("is what trying everything says", () => {
    fc.assert(
      fc.property(globs, texts, (glob, text) => {
        for (const effect of ["allow", "deny"] as const)
          assert.equal(matches(glob, text, effect), naive(glob, text));
        if (glob.includes("*")) assert.equal(matchesGlob(glob.split("*"), text), naive(glob, text));
      }),
      { numRuns: 5000 },
    );
  });

  it("matches every text that it was made from by leaving something out", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "E", "é", "ß", "ς", "\u{10400}"), maxLength: 5 });
    fc.assert(
      fc.property(piece, piece, piece, (before, left, after) => {
        assert.ok(matches(`${before}*${after}`, (before + left + after).toUpperCase()));
        assert.ok(matches(`${before} *  ${after}`, `${before}  x${left} ${after}`));
      }),
    );
  });

  it("of many parts takes time that grows with the text alone", () => {
    const text = "a".repeat(50_000);
    const started = cpuTime();
    assert.ok(!matches(`${"*a".repeat(500)}b*`, text));
    assert.ok(cpuTime() - started < 1000);
  });
});

describe("a regular expression", () => {
  // Backtracking takes 2^50,000 steps for these. What is asserted is that they end, and that a text twice as long takes
  // some twice as long; a machine under load makes every single time doubtful, so the bounds are wide.
  for (const regex of ["(a+)+$", "(a|aa)*b", "(a*)*b", "(.*)*x", "([a-z]+)*="]) {
    it(`${regex} is answered for 50 kB of a`, () => {
      const took = (length: number) => {
        const text = compareText("email", `${"a".repeat(length)}!`);
        const pattern = compilePattern({ regex }, "email", "allow");
        const started = cpuTime();
        assert.equal(pattern(text), false);
        return cpuTime() - started;
      };
      took(1000);
      const short = took(25_000);
      const long = took(50_000);
      assert.ok(long < 2000, `${long} ms`);
      assert.ok(long < 20 * short + 200, `${short} ms, then ${long} ms`);
    });
  }

  it("that RE2 does not know is a mistake of whoever wrote it", () => {
    for (const regex of ["(", "(?=a)b", "\\1"])
      assert.throws(() => compilePattern({ regex }, "attribute", "deny"), {
        message: /error parsing regexp/,
      });
  });
});
