import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { runningApp, type RunningApp } from "../testing/running-app.ts";
import { tokenIn, visitor, type Visitor } from "../testing/visitor.ts";

const password = "a nanosecond is this long";
const another = "a light year is longer";
const grace = "CN=Grace Hopper,ST=Virginia,C=US";
const onPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"; // prettier-ignore

async function withAccounts(context: TestContext, ...names: string[]): Promise<RunningApp> {
  const app = await runningApp(context);
  for (const username of names) {
    await visitor(app.target).fillIn("/register", { username, password, password2: password });
  }
  return app;
}

async function signedIn(app: RunningApp, username: string, options?: Parameters<typeof visitor>[1]): Promise<Visitor> {
  const person = visitor(app.target, options);
  assert.equal((await person.fillIn("/login", { username, password })).location, "/");
  return person;
} // prettier-ignore

const isIn = async (person: Visitor): Promise<boolean> => (await person.open("/account")).status === 200;

it("nobody has an account page without signing in, and comes back to it after", async (context) => {
  const app = await withAccounts(context);
  for (const path of ["/account", "/account/password", "/account/delete"]) {
    const { status, location } = await visitor(app.target).open(path);
    assert.deepEqual([status, location], [302, `/login?next=${encodeURIComponent(path)}`]);
  }
});

it("the page says who somebody is, and by what", async (context) => {
  const app = await withAccounts(context, "Ada");
  const byPassword = (await (await signedIn(app, "Ada")).open("/account")).body;
  assert.match(byPassword, /<dt>Signed in by<\/dt>\s*<dd>username and password<\/dd>/);
  assert.match(byPassword, /<dt>Username<\/dt>\s*<dd><bdi>Ada<\/bdi><\/dd>/);
  const byCertificate = (await visitor(app.target, { subject: grace }).open("/account")).body;
  assert.match(byCertificate, /<dd>client certificate<\/dd>/);
  assert.match(byCertificate, /<dt>Subject<\/dt>\s*<dd><bdi>CN=Grace Hopper,ST=Virginia,C=US<\/bdi><\/dd>/);
  assert.ok(!byCertificate.includes("Change your password"));
});

describe("sessions", () => {
  it("are listed: when, where, and which is this one", async (context) => {
    const app = await withAccounts(context, "Ada");
    await signedIn(app, "Ada", { from: "203.0.113.9", agent: onPhone });
    const { body } = await (await signedIn(app, "Ada")).open("/account");
    const listed = body.split('<li class="card">').slice(1);
    assert.equal(listed.length, 2);
    const [own = "", other = ""] = listed.toSorted((one) => (one.includes("this one") ? -1 : 1));
    assert.match(own, /Firefox on Linux[\s\S]*this one[\s\S]*From 192\.0\.2\.1, since <time datetime="20/);
    assert.match(other, /Safari on iPhone[\s\S]*From 203\.0\.113\.9/);
    assert.ok(!other.includes("this one"));
  });

  it("end one by one", async (context) => {
    const app = await withAccounts(context, "Ada");
    const [laptop, phone] = [await signedIn(app, "Ada"), await signedIn(app, "Ada", { agent: onPhone })];
    const { body } = await laptop.open("/account");
    const [, session = ""] = /Safari on iPhone[\s\S]*?name="session" value="([^"]+)"/.exec(body) ?? [];
    const { location } = await laptop.send("/account/sessions/end", {
      csrf_token: tokenIn(body) ?? "",
      session,
    });
    assert.equal(location, "/account");
    assert.deepEqual([await isIn(laptop), await isIn(phone)], [true, false]);
  });

  it("this one ends by logging out", async (context) => {
    const app = await withAccounts(context, "Ada");
    const person = await signedIn(app, "Ada");
    const { body } = await person.open("/account");
    const [, session = ""] = /name="session" value="([^"]+)"/.exec(body) ?? [];
    const { location } = await person.send("/account/sessions/end", { csrf_token: tokenIn(body) ?? "", session }); // prettier-ignore
    assert.equal(location, "/");
    assert.equal(await isIn(person), false);
  });

  it("all others end at once", async (context) => {
    const app = await withAccounts(context, "Ada", "Cecilia");
    const people = [await signedIn(app, "Ada"), await signedIn(app, "Ada"), await signedIn(app, "Ada"), await signedIn(app, "Cecilia")]; // prettier-ignore
    await people[0]?.fillIn("/account", {}, "/account/sessions/end-others");
    assert.deepEqual(await Promise.all(people.map(isIn)), [true, false, false, true]);
  });

  it("of somebody else cannot be ended", async (context) => {
    const app = await withAccounts(context, "Ada", "Mallory");
    const [ada, mallory] = [await signedIn(app, "Ada"), await signedIn(app, "Mallory")];
    const [, session = ""] = /name="session" value="([^"]+)"/.exec((await ada.open("/account")).body) ?? [];
    await mallory.fillIn("/account", { session }, "/account/sessions/end");
    assert.ok((await mallory.open("/account")).body.includes("That session had ended already."));
    assert.equal(await isIn(ada), true);
  });
});

describe("a new password", () => {
  it("needs the old one, ends all other sessions and refresh tokens, and goes on here with a new id", async (context) => {
    const app = await withAccounts(context, "Ada", "Cecilia");
    const [here, there, cecilia] = [await signedIn(app, "Ada"), await signedIn(app, "Ada"), await signedIn(app, "Cecilia")]; // prettier-ignore
    const people = await app.store.db.selectFrom("users").select(["id", "name"]).execute();
    for (const { id, name } of people) {
      await app.store.db.insertInto("refresh_tokens").values({ jti_hash: name, user_id: id, family: name, issued: 0, expires: Date.now() + 1e6, used: null, revoked: null }).execute(); // prettier-ignore
    }
    const before = here.cookie;
    const { location } = await here.fillIn("/account/password", { current: password, password: another, password2: another }); // prettier-ignore
    assert.equal(location, "/account");
    assert.deepEqual([await isIn(here), await isIn(there), await isIn(cecilia)], [true, false, true]);
    there.cookie = before;
    assert.equal(await isIn(there), false);
    const revoked = await app.store.db.selectFrom("refresh_tokens").select("jti_hash").where("revoked", "is not", null).execute(); // prettier-ignore
    assert.deepEqual(revoked.map(({ jti_hash }) => jti_hash), ["Ada"]); // prettier-ignore
    assert.equal(
      (await visitor(app.target).fillIn("/login", { username: "Ada", password })).location,
      "/login",
    );
    assert.equal((await visitor(app.target).fillIn("/login", { username: "Ada", password: another })).location, "/"); // prettier-ignore
  });

  const refused: [name: string, fields: Record<string, string>, said: string][] = [
    ["without the old one", { password: another, password2: another }, "[This field is required.]"],
    ["with a wrong old one", { current: "wrong", password: another, password2: another }, "[This is not your password.]"],
    ["that is common", { current: password, password: "password1", password2: "password1" }, "most common"],
    ["that was not repeated", { current: password, password: another, password2: password }, "[Field must be equal to password.]"],
  ]; // prettier-ignore
  for (const [name, fields, said] of refused) {
    it(`${name}, is none`, async (context) => {
      const app = await withAccounts(context, "Ada");
      const person = await signedIn(app, "Ada");
      const { status, body } = await person.fillIn("/account/password", fields);
      assert.equal(status, 200);
      assert.ok(body.includes(said), body);
      await signedIn(app, "Ada");
    });
  }

  it("whoever found a browser open has ten guesses an hour at the old one", async (context) => {
    const app = await withAccounts(context, "Ada");
    const person = await signedIn(app, "Ada");
    const fields = { current: "wrong", password: another, password2: another };
    for (let turn = 0; turn < 10; turn += 1) {
      assert.equal((await person.fillIn("/account/password", fields)).status, 200);
    }
    assert.equal((await person.fillIn("/account/password", { ...fields, current: password })).status, 429);
    assert.equal((await person.fillIn("/account/delete", { current: password })).status, 429);
  });

  it("is nothing for a certificate", async (context) => {
    const app = await withAccounts(context);
    const { location } = await visitor(app.target, { subject: grace }).open("/account/password");
    assert.equal(location, "/account");
  });
});

describe("leaving for good", () => {
  const entryBy = (app: RunningApp, user_id: number, title: string) =>
    app.store.db.insertInto("entries").values({ user_id, title, title_key: title, body: "", created: 0, edited: null }).execute(); // prettier-ignore

  it("says what goes, asks for the password, and then nothing of the account is left", async (context) => {
    const app = await withAccounts(context, "Ada", "Cecilia");
    const [ada, again, cecilia] = [await signedIn(app, "Ada"), await signedIn(app, "Ada"), await signedIn(app, "Cecilia")]; // prettier-ignore
    const people = await app.store.db.selectFrom("users").select(["id", "name"]).orderBy("id").execute();
    for (const { id, name } of people) await entryBy(app, id, `by ${name}`);
    const { body } = await ada.open("/account/delete");
    assert.match(body, /1 journal entry, 0 tasks/);
    const wrong = await ada.fillIn("/account/delete", { current: "wrong" });
    assert.ok(wrong.body.includes("[This is not your password.]"));
    assert.equal(await isIn(ada), true);
    const { location } = await ada.fillIn("/account/delete", { current: password });
    assert.equal(location, "/");
    assert.ok((await ada.open("/")).body.includes("Your account is deleted. Goodbye Ada!"));
    assert.deepEqual([await isIn(ada), await isIn(again), await isIn(cecilia)], [false, false, true]);
    assert.equal(
      (await visitor(app.target).fillIn("/login", { username: "Ada", password })).location,
      "/login",
    );
    for (const table of ["users", "identities", "passwords", "entries"] as const) {
      assert.equal((await app.store.db.selectFrom(table).selectAll().execute()).length, 1, table);
    }
    // the name is free again
    assert.equal((await visitor(app.target).fillIn("/register", { username: "Ada", password, password2: password })).location, "/login"); // prettier-ignore
  });

  it("with a certificate needs no password, and says that coming back makes a new account", async (context) => {
    const app = await withAccounts(context);
    const person = visitor(app.target, { subject: grace });
    await person.open("/");
    const before = await app.store.db.selectFrom("users").select("id").executeTakeFirstOrThrow();
    const { status, body } = await person.fillIn("/account/delete", {});
    assert.equal(status, 200);
    assert.match(body, /Your account is deleted[\s\S]*new and empty account/);
    assert.deepEqual(await app.store.db.selectFrom("users").selectAll().execute(), []);
    await person.open("/");
    const after = await app.store.db.selectFrom("users").select("id").executeTakeFirstOrThrow();
    assert.notEqual(after.id, before.id);
  });
});

it("a password that was changed by another way ends what the one before has opened", async (context) => {
  const app = await withAccounts(context, "Ada");
  const person = await signedIn(app, "Ada");
  await app.store.db
    .updateTable("passwords")
    .set({ changed: Date.now() + 1 })
    .execute();
  assert.equal(await isIn(person), false);
});

it("a request that is under way when its session ends does not bring it back", async (context) => {
  const app = await withAccounts(context, "Ada");
  const [here, there] = [await signedIn(app, "Ada"), await signedIn(app, "Ada")];
  const token = tokenIn((await there.open("/account")).body) ?? "";
  const slow = there.begin("/account/sessions/end", { csrf_token: token, session: "none" });
  await slow.isUnderWay;
  await here.fillIn("/account", {}, "/account/sessions/end-others");
  await slow.finish();
  assert.deepEqual([await isIn(here), await isIn(there)], [true, false]);
});
