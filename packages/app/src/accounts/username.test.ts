import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { preparedUsername, readings, usernameProblem } from "./username.ts";

describe("a username is taken", () => {
  const fit = ["test", "Grace Hopper", "O'Brien", "jean-luc", "a.b_c", "x1", "42", "Zoë", "日本 太郎", "Łukasz", "Ελένη", "Мария", "नमस्ते", "x".repeat(40)]; // prettier-ignore
  for (const name of fit) {
    it(name, () => {
      assert.equal(usernameProblem(preparedUsername(name)), undefined);
    });
  }
});

describe("a username is refused", () => {
  const unfit = [
    "", " ", "x", "x".repeat(41), "a  b", "a..b", ".a", "a.", "-a", "a@b.test", "a/b", "a<b>", "a\u0000b", "a\nb", "a\u202eb",
    "a\u200bb", "a\ufeffb", "\u00adab", "a\ud800b", "👩‍🚀👩‍🚀", "P\u0430ypal", "\u0391lice", "z\u0301\u0301\u0301\u0301\u0301a", "a\u2028b", "~~", "a,CN=b",
  ]; // prettier-ignore
  for (const name of unfit) {
    it(JSON.stringify(name).slice(0, 30), () => {
      assert.match(usernameProblem(preparedUsername(name)) ?? "", /^A username /);
    });
  }
});

it("full-width letters and white space around a username are nothing to tell people apart by", () => {
  assert.equal(preparedUsername(" \uff47race \u3000"), "grace");
  assert.equal(preparedUsername("Zoe\u0308"), "Zo\u00eb");
});

it("dots, hyphens and underscores can be read as spaces", () => {
  assert.deepEqual(readings("grace.hopper"), ["grace.hopper", "grace hopper"]);
  assert.deepEqual(readings("Grace_Hopper")[1], "Grace Hopper");
});
