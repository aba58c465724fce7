import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { registration, userChange } from "../accounts/api/user-schemas.ts";
import { newTask } from "../tasks/task-schemas.ts";
import { inWords, validator } from "./validator.ts";

const secretish = "hunter2 \u0000 <b>";

describe("what is wrong with a value", () => {
  const register = validator(registration);
  for (const [what, value, words] of [
    ["nothing at all", {}, "email: is required; password: is required"],
    ["another kind of value", [secretish], "must be an object"],
    ["a password that is too short", { email: "a@b.test", password: "short" }, "password: must have at least 8 characters"],
    ["one that is too long", { email: "a@b.test", password: secretish.repeat(100) }, "password: must have at most 1024 characters"],
    ["an address that is none", { email: secretish, password: "long enough" }, "email: must be an e-mail address"],
    ["a number", { email: 7, password: "long enough" }, "email: must be one string"],
    ["a member that nobody asked for", { email: "a@b.test", password: "long enough", [secretish]: secretish }, "only name, email, password may be given here"],
    ["a name that is too long", { email: "a@b.test", password: "long enough", name: "x".repeat(81) }, "name: must have at most 80 characters"],
    ["several at once", { email: "nobody", password: "x" }, "email: must be an e-mail address; password: must have at least 8 characters"],
  ] as const) {
    it(`${what}: ${words}`, () => {
      const said = inWords(register(value));
      assert.equal(said, words);
      assert.ok(!said.includes("hunter2"));
    });
  } // prettier-ignore

  it("is found in the depth of it, under the schema's own names", () => {
    const faults = validator(userChange)({ query: {}, payload: { email: secretish, [secretish]: 1 } });
    assert.equal(
      inWords(faults),
      "query: must have at least 1 of email, id; payload: only name, email, password, current_password may be given here; payload.email: must be an e-mail address",
    );
  });

  it("a word that is not among those allowed is answered with those", () => {
    const faults = validator(newTask)({ title: "t", status: secretish });
    assert.equal(inWords(faults), "status: must be one of todo, doing, done");
  });

  it("a title of spaces shows nothing", () => {
    const faults = validator(newTask)({ title: " \u3000", status: "todo" });
    assert.equal(inWords(faults), "title: must have something to be seen, and no control characters");
  });

  it("NUL, which no store keeps, is in no title and no description", () => {
    const faults = validator(newTask)({ title: "a\u0000b", description: "\u0000", status: "todo" });
    assert.deepEqual(faults.map(({ field }) => field), ["title", "description"]); // prettier-ignore
  });

  it("what keeps to the schema has no fault", () => {
    assert.deepEqual(register({ email: "subject@example.test", password: "12345678" }), []);
    assert.deepEqual(
      validator(newTask)({ title: "Zoë\u2019s", description: "a\n\tb\r\n", status: "done" }),
      [],
    );
  });
});
