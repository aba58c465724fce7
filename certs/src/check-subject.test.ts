import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkSubject } from "./check-subject.ts";
import { localSubject } from "./subject.ts";
import type { Subject } from "./subject.ts";

const refuses = (subject: Subject, message: RegExp, options = {}) => {
  assert.throws(
    () => {
      checkSubject(subject, options);
    },
    { name: "CertsError", message },
    JSON.stringify(subject),
  );
};
const anyway = { allowAmbiguous: true };

describe("checkSubject", () => {
  it("lets ordinary names through", () => {
    for (const name of ["Grace Hopper", "*.flask.local", "O'Brien", "x".repeat(64), "a; b <c> #d"])
      checkSubject(localSubject(name));
  });

  it("refuses what nobody sees, whatever is allowed", () => {
    for (const name of ["a\0b", "a\nb", "a\x7fb", "a\x85b", "a\u2028b"])
      refuses(localSubject(name), /^CN holds a control character/, anyway);
    for (const name of ["a\u202eb", "a\u2066b"]) refuses(localSubject(name), /turns the direction/, anyway);
    for (const name of ["a\ud800b", "a\ufffdb"]) refuses(localSubject(name), /^CN is not UTF-8/, anyway);
    for (const name of [" a", "a "]) refuses(localSubject(name), /^CN begins or ends with a space/, anyway);
    refuses(localSubject(""), /^CN is empty/, anyway);
  });

  it("counts characters, not octets", () => {
    checkSubject(localSubject("\u{1F600}".repeat(64)), anyway);
    refuses(localSubject("\u{1F600}".repeat(65)), /^CN is longer than 64 characters/, anyway);
    refuses([{ type: "OU", value: "x".repeat(65) }, ...localSubject("a")], /^OU is longer than 64/);
    refuses([{ type: "C", value: "usa" }, { type: "CN", value: "a" }], /^C is a country's code/); // prettier-ignore
    refuses([{ type: "CN", value: Buffer.from("1401e9", "hex") }], /^CN is no UTF-8 text/, anyway);
  });

  it("issues only on demand what the slash form could make somebody else of", () => {
    const ambiguous: readonly (readonly [Subject, RegExp])[] = [
      [localSubject("x/CN=Grace Hopper"), /its CN holds "\/"/],
      [localSubject("a=b"), /its CN holds "="/],
      [localSubject("Payne, Cecilia"), /its CN holds ","/],
      [localSubject("a+b"), /its CN holds "\+"/],
      [localSubject("a\\b"), /its CN holds "\\"/],
      [localSubject("Zoë"), /its CN holds "ë"/],
      [[{ type: "O", value: "Example" }], /it has no CN/],
      [[...localSubject("a"), { type: "CN", value: "b" }], /it has 2 CN/],
      [[[{ type: "OU", value: "a" }, { type: "CN", value: "b" }]], /stand in one RDN/],
    ]; // prettier-ignore
    for (const [subject, reason] of ambiguous) {
      refuses(subject, reason);
      refuses(subject, /To issue it all the same: --allow-ambiguous$/);
      checkSubject(subject, anyway);
    }
  });
});
