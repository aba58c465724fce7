import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "../testing/cpu-time.ts";
import fc from "fast-check";
import { percentDecode, percentEncode } from "./percent.ts";

const unreserved = /[A-Za-z0-9._~-]/;
const refused = { name: "IdentityError", code: "name-malformed" };

describe("percent-encoding", () => {
  it("leaves the safe characters and spells every other octet in upper-case hex", () => {
    assert.equal(percentEncode('a/b+c="é%\r\n\0', unreserved), "a%2Fb%2Bc%3D%22%C3%A9%25%0D%0A%00");
    assert.equal(percentEncode("a/b+c=d e", /[A-Za-z0-9+/=]/), "a/b+c=d%20e");
  });

  it("reads what it wrote, for any text and either safe set", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom(unreserved, /[A-Za-z0-9+/=]/),
        (text, safe) => {
          const encoded = percentEncode(text, safe);
          assert.match(encoded, /^[\x21-\x7e]*$/);
          assert.equal(percentDecode(encoded), text);
        },
      ),
    );
  });

  it("takes + for a plus sign and either case of hex", () => {
    assert.equal(percentDecode("a+b%2b%2B"), "a+b++");
  });

  for (const text of [
    "%",
    "a%2",
    "%zz",
    "%%20",
    "% 20",
    "%C3",
    "%80",
    "%ED%A0%80",
    "%C0%AF",
    "é",
    "a\nb",
    "\0",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => percentDecode(text), refused);
    });
  }

  it("refuses long text in linear time", () => {
    const started = cpuTime();
    assert.throws(() => percentDecode(`${"a%20".repeat(250_000)}%`), refused);
    assert.ok(cpuTime() - started < 1000);
  });
});
