import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { passwordProblem } from "./password-rules.ts";

describe("a password is refused", () => {
  const cases: [why: string, problem: RegExp, ...passwords: string[]][] = [
    ["that is short", /at least 8 characters/, "", "seven77", "👩👩👩👩👩👩👩", "e\u0301".repeat(7)],
    ["that is long", /at most 1024/, "x1y".repeat(342), "👩x".repeat(513)],
    ["with control characters", /control/, "a password\u0000", "a pass\nword", "a password\ud800"],
    ["that is common", /most common/, "password1", "PassWord", "qwertyuiop", "iloveyou1", "1qaz2wsx", "q1w2e3r4t5"],
    ["that is a pattern", /pattern/, "        ", "zzzzzzzzzz", "xyxyxyxyxy", "23456789", "ponmlkjih", "éééééééé"],
    ["that is a name", /little more than a name/, "GraceHopper", "grace hopper1", "1GraceHopper!", "grace@flask.local", "sallyport123", "Sallyport!"],
  ]; // prettier-ignore
  for (const [why, problem, ...passwords] of cases) {
    for (const password of passwords) {
      it(`${why}: ${JSON.stringify(password.slice(0, 20))}`, async () => {
        const said = (await passwordProblem(password, ["GraceHopper", "Grace Hopper", "grace@flask.local"])) ?? ""; // prettier-ignore
        assert.match(said, problem);
        assert.ok(password.length < 8 || !said.includes(password));
      });
    }
  }
});

describe("a password is taken", () => {
  const fit = [
    "a nanosecond is this long",
    "eightch!",
    "👩🚢⚓🐛📎🧮📜🎖",
    `${"x1y".repeat(341)}z`,
    "correct horse battery staple",
    "パスワードは長い方がいい",
    "a life of GraceHopper in 12 pages",
  ];
  for (const password of fit) {
    it(JSON.stringify(password.slice(0, 30)), async () => {
      assert.equal(await passwordProblem(password, ["GraceHopper", "a", ""]), undefined);
    });
  }
});
