import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openPasswords, type Passwords } from "../auth/password/passwords.ts";
import { foldKey } from "../store/index.ts";
import { runningApp, type RunningApp } from "../testing/running-app.ts";
import { tokenIn, visitor, type Visitor } from "../testing/visitor.ts";

const password = "a nanosecond is this long";
const grace = "CN=Grace Hopper,ST=Virginia,C=US";

async function register(app: RunningApp, username = "Ada"): Promise<void> {
  await visitor(app.target).fillIn("/register", { username, password, password2: password });
}

async function signedIn(app: RunningApp, username = "Ada"): Promise<Visitor> {
  const person = visitor(app.target);
  const { location } = await person.fillIn("/login", { username, password });
  assert.equal(location, "/");
  return person;
}

describe("POST /login", () => {
  it("with the right password greets, once, and it is her on every page after", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const person = visitor(app.target);
    for (const username of ["ada", "Ada", " ADA "]) {
      person.cookie = undefined;
      const { status, location } = await person.fillIn("/login", { username, password });
      assert.deepEqual([status, location], [302, "/"]);
      assert.ok((await person.open("/")).body.includes("Welcome back Ada!"));
      const { status: shown, body } = await person.open("/account");
      assert.equal(shown, 200);
      assert.ok(!body.includes("Welcome back"));
      assert.ok(body.includes("username and password"));
    }
  });

  it("says the same of a wrong name and of a wrong password", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const tries = [{ username: "ada", password: "not this one" }, { username: "nobody", password }, { username: "x".repeat(5000), password }, { username: "ada", password: "x".repeat(5000) }]; // prettier-ignore
    const pages = [];
    for (const fields of tries) {
      const person = visitor(app.target);
      const { status, location } = await person.fillIn("/login", fields);
      assert.deepEqual([status, location], [302, "/login"]);
      pages.push((await person.open("/login")).body.replace(/value="[0-9a-f]+"/g, ""));
    }
    assert.equal(new Set(pages).size, 1);
    assert.ok(pages[0]?.includes("Invalid username or password"));
  });

  it("without a name or a password says which is missing", async (context) => {
    const { status, body } = await visitor((await runningApp(context)).target).fillIn("/login", { username: "ada", password: "" }); // prettier-ignore
    assert.equal(status, 200);
    assert.ok(body.includes("[This field is required.]"));
    assert.ok(body.includes('value="ada"'));
  });

  it("makes a new session: who knew the one before has nothing, and its forms are worth nothing", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const person = visitor(app.target);
    const before = tokenIn((await person.open("/login")).body) ?? "";
    const planted = person.cookie;
    await person.send("/login", { csrf_token: before, username: "ada", password });
    assert.notEqual(person.cookie, planted);
    const attacker = visitor(app.target);
    attacker.cookie = planted;
    assert.equal((await attacker.open("/account")).status, 302);
    const { status } = await person.send("/account/sessions/end-others", { csrf_token: before });
    assert.equal(status, 403);
    assert.equal((await person.open("/account")).status, 200);
  });

  it("goes where somebody wanted to go, and nowhere else", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const wishes: [next: string, goesTo: string][] = [
      ["/account?x=1", "/account?x=1"],
      ["//evil.test", "/"],
      ["/\\evil.test", "/"],
      ["https://evil.test/", "/"],
      ["/\t/evil.test", "/"],
      ["/a/..//evil.test", "/"],
      ["/%2f%2fevil.test", "/%2f%2fevil.test"],
      ["javascript:alert(1)", "/"],
    ];
    for (const [next, goesTo] of wishes) {
      const person = visitor(app.target);
      const path = `/login?next=${encodeURIComponent(next)}`;
      const { body } = await person.open(path);
      assert.ok(!body.includes("evil.test") || next.startsWith("/%2f"), body);
      // the form leads to where it came from
      const [, action = ""] = /<form method="post" action="([^"]+)"/.exec(body) ?? [];
      const wrong = await person.send(action, { csrf_token: tokenIn(body) ?? "", username: "ada", password: "wrong" }); // prettier-ignore
      const again = await person.fillIn(wrong.location ?? "", { username: "ada", password });
      assert.equal(again.location, goesTo, next);
    }
    const twice = await visitor(app.target).fillIn("/login?next=/account&next=//evil.test", { username: "ada", password }); // prettier-ignore
    assert.equal(twice.location, "/");
  });

  it("takes the e-mail address of an account that was made by it", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const { id } = await app.store.db.selectFrom("users").select("id").executeTakeFirstOrThrow();
    await app.store.db.insertInto("identities").values({ user_id: id, kind: "email", key: foldKey("ada@flask.local"), shown: "ada@flask.local", issuer: null, subject: null, created: 0 }).execute(); // prettier-ignore
    await signedIn(app, "ADA@flask.local");
  });

  it("keeps an old system's password anew, and only a right one", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const hashes = () => app.store.db.selectFrom("passwords").select("hash").executeTakeFirstOrThrow();
    const old = "pbkdf2:sha256:1000$C5q0pb0DouuXu9gb$a2c1f1533b09e035763c3b441531a6ba205ea8b22746b2a2be2f604a100a9d70"; // prettier-ignore
    await app.store.db.updateTable("passwords").set({ hash: old }).execute();
    await visitor(app.target).fillIn("/login", { username: "ada", password: "wrong" });
    assert.equal((await hashes()).hash, old);
    for (const stored of [/^\$argon2id\$/, /^\$argon2id\$/]) {
      const { location } = await visitor(app.target).fillIn("/login", { username: "ada", password: "correct horse battery" }); // prettier-ignore
      assert.equal(location, "/");
      assert.match((await hashes()).hash, stored);
    }
  });

  it("after ten wrong passwords is not looked at, and says when again", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const person = visitor(app.target);
    for (let turn = 0; turn < 10; turn += 1) {
      assert.equal((await person.fillIn("/login", { username: "Ada", password: "wrong" })).status, 302);
    }
    const { status, headers, body } = await person.fillIn("/login", { username: "ada ", password });
    assert.equal(status, 429);
    const seconds = Number(headers["retry-after"]);
    assert.ok(seconds > 800 && seconds <= 900, String(seconds));
    assert.match(body, /Too many wrong passwords were tried\.[\s\S]*possible in 15 minutes/);
    // nobody else is kept out, and she not by another way
    await signedIn({ ...app, target: app.target }, "Ada").then(
      () => assert.fail("the same address got in"),
      () => undefined,
    );
    const elsewhere = visitor(app.target, { from: "203.0.113.9" });
    assert.equal((await elsewhere.fillIn("/login", { username: "ada", password })).location, "/");
  });
});

it("for a name that nobody has, a hash is worked out all the same", async (context) => {
  const real = openPasswords({ cost: { memory: 64, passes: 1 } });
  const asked: string[] = [];
  const noted = <Name extends "verify" | "dummy">(name: Name): Passwords[Name] =>
    ((...words: [string, string]) => {
      asked.push(name);
      return real[name](...words);
    }) as Passwords[Name];
  const app = await runningApp(context, "ssl-client", { ...real, verify: noted("verify"), dummy: noted("dummy") }); // prettier-ignore
  await register(app);
  for (const username of ["ada", "nobody"]) await visitor(app.target).fillIn("/login", { username, password: "wrong" }); // prettier-ignore
  assert.deepEqual(asked, ["verify", "dummy"]);
});

it("a sign-in by the old password that is under way when it is changed opens nothing", async (context) => {
  const real = openPasswords({ cost: { memory: 64, passes: 1 } });
  let meanwhile = (): Promise<unknown> => Promise.resolve();
  const verify: Passwords["verify"] = async (typed, stored) => {
    const verified = await real.verify(typed, stored);
    await meanwhile();
    return verified;
  };
  const app = await runningApp(context, "ssl-client", { ...real, verify });
  await register(app);
  meanwhile = () => app.store.db.updateTable("passwords").set({ hash: "another", changed: Date.now() + 1 }).execute(); // prettier-ignore
  const person = visitor(app.target);
  assert.equal((await person.fillIn("/login", { username: "ada", password })).location, "/login");
  assert.equal((await person.open("/account")).status, 302);
});

it("whoever is signed in is led away from /login and /register", async (context) => {
  const app = await runningApp(context);
  await register(app);
  for (const person of [await signedIn(app), visitor(app.target, { subject: grace })]) {
    for (const path of ["/login", "/register"]) {
      const { status, location } = await person.open(path);
      assert.deepEqual([status, location], [302, "/"]);
    }
  }
});

describe("/logout", () => {
  it("asks first, and a link does nothing", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const person = await signedIn(app);
    const { status, body } = await person.open("/logout");
    assert.equal(status, 200);
    assert.match(body, /<form method="post" action="\/logout">/);
    assert.equal((await person.open("/account")).status, 200);
  });

  it("by POST says goodbye, and the session is gone, not only its cookie", async (context) => {
    const app = await runningApp(context);
    await register(app);
    const person = await signedIn(app);
    const before = person.cookie;
    const { status, location } = await person.fillIn("/logout", {});
    assert.deepEqual([status, location], [302, "/"]);
    assert.ok((await person.open("/")).body.includes("Goodbye Ada!"));
    assert.ok(!(await person.open("/")).body.includes("Goodbye"));
    const thief = visitor(app.target);
    thief.cookie = before;
    assert.equal((await thief.open("/account")).location, "/login?next=%2Faccount");
  });

  it("for nobody is a way home without a word", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target);
    assert.deepEqual([(await person.open("/logout")).location, person.cookie], ["/", undefined]);
  });

  it("with a certificate says what it can do", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target, { subject: grace });
    const { status, body } = await person.open("/logout");
    assert.equal(status, 200);
    assert.match(body, /There is nothing to log out of[\s\S]*close all windows/);
    assert.equal((await person.fillIn("/account/delete", {}, "/logout")).location, "/logout");
  });
});
