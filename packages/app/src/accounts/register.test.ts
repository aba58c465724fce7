import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { runningApp } from "../testing/running-app.ts";
import { textOf, visitor } from "../testing/visitor.ts";

const password = "a nanosecond is this long";

void test("who is refused by POST /register gets the page again, with what is wrong beside the field", async (context) => {
  const app = await runningApp(context);
  const refused: [name: string, fields: Record<string, string>, ...said: string[]][] = [
    ["nothing filled in", {}, "Username [This field is required.]", "Password [This field is required.]", "Repeat Password [This field is required.]"],
    ["no second password", { username: "ada", password }, "Repeat Password [This field is required.]"],
    ["another second password", { username: "ada", password, password2: `${password}!` }, "[Field must be equal to password.]"],
    ["a short password", { username: "ada", password: "seven77", password2: "seven77" }, "[A password has at least 8 characters.]"],
    ["a common password", { username: "ada", password: "Password1", password2: "Password1" }, "[This password is one of the most common. Choose another.]"],
    ["the name as password", { username: "AdaLovelace", password: "adalovelace1", password2: "adalovelace1" }, "little more than a name"],
    ["an e-mail address as name", { username: "ada@flask.local", password, password2: password }, "[A username consists of letters and digits,"],
    ["markup as name", { username: "<b>ada</b>", password, password2: password }, "[A username consists of letters and digits,"],
  ]; // prettier-ignore
  for (const [name, fields, ...said] of refused) {
    await context.test(name, async () => {
      const { status, body } = await visitor(app.target).fillIn("/register", fields);
      assert.equal(status, 200);
      const hints = textOf(body).replace(/ 2 to 40 letters.*?sees it\.| At least 8 characters, and.*?is good\./g, ""); // prettier-ignore
      for (const sentence of said) assert.ok(hints.includes(sentence), hints);
      assert.ok(!body.includes("<b>ada"));
      assert.equal(await app.store.db.selectFrom("users").select("id").executeTakeFirst(), undefined);
    });
  }
});

describe("POST /register", () => {
  it("what was typed is kept, passwords are not", async (context) => {
    const app = await runningApp(context);
    const { body } = await visitor(app.target).fillIn("/register", {
      username: 'a"b',
      password,
      password2: "x",
    });
    assert.ok(body.includes('value="a&quot;b"'), body);
    assert.ok(!body.includes(password));
  });

  it("a field that is sent twice is not filled in", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target);
    const { body } = await person.open("/register");
    const token = /name="csrf_token" value="([^"]+)"/.exec(body)?.[1] ?? "";
    const twice = await person.send("/register?username=ada", { csrf_token: token, "username[]": "ada" });
    assert.match(textOf(twice.body), /\[This field is required\.\]/);
  });

  it("then there is an account, told once, and its password is nowhere", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target);
    const { status, location } = await person.fillIn("/register", {
      username: " Ada ",
      password,
      password2: password,
    });
    assert.deepEqual([status, location], [302, "/login"]);
    const flash = "Congratulations, you are now a registered user!";
    assert.ok((await person.open("/login")).body.includes(flash));
    assert.ok(!(await person.open("/login")).body.includes(flash));
    const { name, hash } = await app.store.db.selectFrom("users").innerJoin("passwords", "passwords.user_id", "users.id").select(["name", "hash"]).executeTakeFirstOrThrow(); // prettier-ignore
    assert.equal(name, "Ada");
    assert.match(hash, /^\$argon2id\$/);
    assert.ok(!app.log.join("").includes(password));
  });
});

describe("a name that somebody has is taken", () => {
  const taken = "[Please use a different username.]";

  it("in any case and width", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target);
    await person.fillIn("/register", { username: "Straße", password, password2: password });
    for (const username of ["Straße", "STRASSE", "strasse", "\uff33traße"]) {
      const { status, body } = await person.fillIn("/register", { username, password, password2: password });
      assert.equal(status, 200, username);
      assert.ok(body.includes(taken), username);
    }
  });

  it("by a certificate, too, also with dots in the place of spaces", async (context) => {
    const app = await runningApp(context);
    await visitor(app.target, { subject: "CN=Grace Hopper,ST=Virginia,C=US" }).open("/");
    for (const username of ["Grace Hopper", "grace hopper", "GRACE.HOPPER", "grace_hopper"]) {
      const { body } = await visitor(app.target).fillIn("/register", { username, password, password2: password }); // prettier-ignore
      assert.ok(body.includes(taken), username);
    }
    // and the other way around a certificate is never bound to an account by its name
    await visitor(app.target).fillIn("/register", {
      username: "Cecilia Payne",
      password,
      password2: password,
    });
    await visitor(app.target, { subject: "CN=Cecilia Payne,ST=Virginia,C=US" }).open("/");
    const named = await app.store.db.selectFrom("users").select("id").where("name", "=", "Cecilia Payne").execute(); // prettier-ignore
    assert.equal(named.length, 2);
  });

  it("of two who ask at once, one gets it", async (context) => {
    const app = await runningApp(context);
    const fields = { username: "ada", password, password2: password };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => visitor(app.target).fillIn("/register", fields)),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 302]);
    assert.deepEqual(app.log, []);
  });
});
