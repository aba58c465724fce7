/** The seed's API, line by line: what it answers, and what it must not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openPasswords, type Passwords } from "./auth/password/passwords.ts";
import { password, runningApi, type JsonAnswer } from "./testing/running-api.ts";
import { asBrowser } from "./testing/running-app.ts";
import { visitor } from "./testing/visitor.ts";

const email = "subject@example.test";
const said = ({ status, json }: JsonAnswer) => [status, json["ok"], json["message"]];
const payloadOf = (token: string) => Buffer.from(token.split(".")[1] ?? "", "base64url").toString();

describe("002-01 POST /register", () => {
  it("makes a user once, in whatever case the address is written", async (context) => {
    const { ask, store } = await runningApi(context);
    const body = { name: "Test Subject", email, password };
    const first = await ask("POST", "/register", { body });
    assert.deepEqual([first.status, first.json], [200, { ok: true, message: "User created successfully!" }]);
    for (const again of [email, "Subject@Example.TEST"]) {
      const second = await ask("POST", "/register", { body: { email: again, password } });
      assert.deepEqual(said(second), [409, false, "This e-mail address is taken."]);
      assert.equal(second.json["code"], "email-taken");
    }
    assert.equal((await store.db.selectFrom("users").selectAll().execute()).length, 1);
  });

  it("of two at once, one makes it", async (context) => {
    const { ask } = await runningApi(context);
    const both = await Promise.all([1, 2].map(() => ask("POST", "/register", { body: { email, password } })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
  });

  it("with a form is the page's, and not the API's", async (context) => {
    const { ask } = await runningApi(context);
    const { headers } = await ask("GET", "/register", { headers: { Accept: asBrowser.slice(8) } });
    assert.match(headers.get("content-type") ?? "", /^text\/html/);
    const form = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" };
    const { status } = await ask("POST", "/register", {
      body: "username=somebody&password=x",
      headers: form,
    });
    assert.notEqual(status, 200);
    assert.equal((await ask("POST", "/api/v1/register", { body: "username=x", headers: form })).status, 415);
  });

  it("gives nobody a name by which they could be taken for somebody else", async (context) => {
    const { ask } = await runningApi(context);
    await ask("GET", "/user", { certificate: "Grace Hopper" });
    const body = { email, password };
    const taken = await ask("POST", "/register", {
      body: { ...body, name: "grace  HOPPER".replace("  ", " ") },
    });
    assert.deepEqual([taken.status, taken.json["code"]], [409, "name-taken"]);
    const odd = await ask("POST", "/register", { body: { ...body, name: "a\u202eb" } });
    assert.deepEqual([odd.status, odd.json["code"]], [400, "request-invalid"]);
    await ask("POST", "/register", { body: { password, email: "grace.hopper@example.test" } });
    const { json } = await ask("POST", "/auth", { body: { password, email: "grace.hopper@example.test" } });
    assert.match((json["data"] as { name: string }).name, /^newcomer \w+$/);
  });
});

describe("002-02 what keeps to no schema", () => {
  for (const [what, body, message] of [
    ["a short password", { email, password: "hunter2" }, "password: must have at least 8 characters"],
    ["no address", { email: "notanemail", password }, "email: must be an e-mail address"],
    ["neither", {}, "email: is required; password: is required"],
    ["more than is asked for", { email, password, isAdmin: true }, "only name, email, password may be given here"],
    ["a common password", { email, password: "password1" }, "password: This password is one of the most common. Choose another."],
  ] as const) {
    it(`${what}: 400, in words that repeat nothing`, async (context) => {
      const answer = await (await runningApi(context)).ask("POST", "/register", { body });
      assert.deepEqual(said(answer), [400, false, `Bad request parameters: ${message}`]);
      const whole = JSON.stringify(answer.json);
      for (const value of Object.values(body)) {
        if (typeof value === "string" && value !== email) assert.ok(!whole.includes(value), whole);
      }
      assert.ok(!/additionalProperties|minLength|"type":"object"/.test(whole));
    });
  } // prettier-ignore
});

describe("002-03 a body that cannot be read", () => {
  for (const [what, body, headers, status, code] of [
    ["is no JSON", '{"email":', {}, 400, "json-malformed"],
    ["is a bare word", "null", {}, 400, "json-malformed"],
    ["is a list", "[]", {}, 400, "request-invalid"],
    ["is a form", "email=a", { "Content-Type": "application/x-www-form-urlencoded" }, 415, "content-type-unsupported"],
    ["says nothing about itself", "{}", { "Content-Type": "" }, 415, "content-type-unsupported"],
    ["is text that only looks like JSON", "{}", { "Content-Type": "text/plain; application/json" }, 415, "content-type-unsupported"],
    ["is compressed", "{}", { "Content-Encoding": "gzip" }, 415, "content-type-unsupported"],
    ["is in another charset", "{}", { "Content-Type": "application/json; charset=latin1" }, 415, "content-type-unsupported"],
    ["is too large", `{"email":"${"x".repeat(65_536)}"}`, {}, 413, "content-too-large"],
  ] as const) {
    it(`${what}: ${status} in JSON`, async (context) => {
      const answer = await (await runningApi(context)).ask("POST", "/auth", { body, headers });
      assert.deepEqual([answer.status, answer.json["ok"], answer.json["code"]], [status, false, code]);
      assert.equal(answer.headers.get("content-type"), "application/problem+json; charset=utf-8");
      assert.equal(typeof answer.json["message"], "string");
    });
  } // prettier-ignore
});

describe("002-04 POST /auth", () => {
  it("answers with name, address and two tokens, and with the same words for a wrong password and an unknown address", async (context) => {
    const { ask } = await runningApi(context);
    await ask("POST", "/register", { body: { name: "Test Subject", email, password } });
    const { status, json } = await ask("POST", "/auth", { body: { email: email.toUpperCase(), password } });
    const { token, refresh, ...rest } = json["data"] as Record<string, string>;
    assert.deepEqual([status, json["ok"], rest], [200, true, { name: "Test Subject", email }]);
    assert.ok(token !== undefined && refresh !== undefined && token !== refresh);
    for (const body of [
      { email, password: "not this one" },
      { email: "nobody@example.test", password },
    ]) {
      const wrong = await ask("POST", "/auth", { body });
      assert.deepEqual(said(wrong), [401, false, "invalid username or password"]);
      assert.equal(wrong.headers.get("www-authenticate"), 'Bearer realm="sallyport"');
    }
    assert.equal((await ask("POST", "/auth", { body: { email } })).status, 400);
  });

  it("works as long for an address that nobody has", async (context) => {
    const real = openPasswords({ cost: { memory: 64, passes: 1 } });
    const worked: string[] = [];
    const passwords: Passwords = {
      hash: real.hash,
      verify: (...given) => (worked.push("verify"), real.verify(...given)),
      dummy: (...given) => (worked.push("dummy"), real.dummy(...given)),
    };
    const { ask } = await runningApi(context, { passwords });
    await ask("POST", "/register", { body: { email, password } });
    await ask("POST", "/auth", { body: { email: "nobody@example.test", password } });
    await ask("POST", "/auth", { body: { email, password: "not this one" } });
    assert.deepEqual(worked, ["dummy", "verify"]);
  });

  it("counts tries, and the tenth wrong one was the last", async (context) => {
    const { ask } = await runningApi(context);
    await ask("POST", "/register", { body: { email, password } });
    const wrong = { body: { email, password: "not this one" } };
    for (let turn = 0; turn < 10; turn += 1) assert.equal((await ask("POST", "/auth", wrong)).status, 401);
    const { status, json, headers } = await ask("POST", "/auth", { body: { email, password } });
    assert.deepEqual([status, json["code"]], [429, "too-many-requests"]);
    assert.ok(Number(headers.get("retry-after")) > 600);
  });
});

describe("002-05 a token", () => {
  it("holds no personal data, and no password", async (context) => {
    const { newcomer } = await runningApi(context);
    for (const token of Object.values(await newcomer(email)).filter((value) => value.includes("."))) {
      if (token.split(".").length < 3) continue;
      assert.ok(!/subject|example|password/i.test(payloadOf(token)), payloadOf(token));
    }
  });

  it("is not in the store: what is there signs nobody in", async (context) => {
    const { newcomer, store } = await runningApi(context);
    const { refresh } = await newcomer(email);
    const { jti } = JSON.parse(payloadOf(refresh)) as { jti: string };
    const rows = JSON.stringify(await store.db.selectFrom("refresh_tokens").selectAll().execute());
    assert.ok(!rows.includes(jti) && !rows.includes(refresh));
  });
});

describe("002-06 POST /refresh", () => {
  it("gives new tokens for a refresh token, once", async (context) => {
    const { ask, newcomer, log } = await runningApi(context);
    const first = await newcomer(email);
    const { status, json } = await ask("POST", "/refresh", { token: first.refresh });
    const second = json["data"] as typeof first;
    assert.deepEqual([status, json["ok"]], [200, true]);
    assert.equal((await ask("GET", "/user", { token: second.token })).status, 200);
    // Somebody has both: nobody can tell who, so both lose.
    const again = await ask("POST", "/refresh", { token: first.refresh });
    assert.deepEqual([again.status, again.json["code"], again.json["msg"]], [401, "token-revoked", "Token has been revoked"]);
    for (const token of [first.token, second.token]) assert.equal((await ask("GET", "/user", { token })).status, 401);
    assert.equal((await ask("POST", "/refresh", { token: second.refresh })).status, 401);
    assert.ok(log.some((line) => line.includes("refresh-token-reused") && !line.includes(first.refresh)));
  }); // prettier-ignore

  it("of two at once with one token, one gets an answer and the family ends", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { refresh, token } = await newcomer(email);
    const both = await Promise.all([1, 2].map(() => ask("POST", "/refresh", { token: refresh })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401]);
    assert.equal((await ask("GET", "/user", { token })).status, 401);
  });

  it("ends one sign-in and not the other ones", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { refresh } = await newcomer(email);
    const { json } = await ask("POST", "/auth", { body: { email, password } });
    const other = json["data"] as { token: string };
    assert.deepEqual((await ask("POST", "/api/v1/logout", { token: refresh })).json, { ok: true, message: "signed out" }); // prettier-ignore
    assert.equal((await ask("POST", "/refresh", { token: refresh })).status, 401);
    assert.equal((await ask("GET", "/user", { token: other.token })).status, 200);
  });

  it("with an access token: 422", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { status, json } = await ask("POST", "/refresh", { token: (await newcomer(email)).token });
    assert.deepEqual([status, json["msg"]], [422, "Only refresh tokens are allowed"]);
  });
});

describe("002-07 Authorization", () => {
  for (const [what, headers, status, message, error] of [
    ["missing", {}, 401, "Missing Authorization Header", undefined],
    ["of another scheme", { Authorization: "Token x" }, 422, "Bad Authorization header. Expected value 'Bearer <JWT>'", "invalid_request"],
    ["of two words", { Authorization: "Bearer a b" }, 422, "Bad Authorization header. Expected value 'Bearer <JWT>'", "invalid_request"],
    ["garbage", { Authorization: "Bearer garbage" }, 422, "Not enough segments", "invalid_token"],
    ["in lower case", { authorization: "bearer garbage" }, 422, "Not enough segments", "invalid_token"],
  ] as const) {
    it(`${what}: ${status} ${message}`, async (context) => {
      const answer = await (await runningApi(context)).ask("GET", "/user", { headers });
      assert.deepEqual(said(answer), [status, false, message]);
      assert.equal(answer.json["msg"], message);
      const challenge = answer.headers.get("www-authenticate") ?? "";
      assert.match(challenge, /^Bearer realm="sallyport"/);
      assert.equal(/ error="(\w+)"/.exec(challenge)?.[1], error);
    });
  } // prettier-ignore

  it("a refresh token as access token: 422", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { status, json } = await ask("GET", "/user", { token: (await newcomer(email)).refresh });
    assert.deepEqual([status, json["msg"]], [422, "Only access tokens are allowed"]);
  });

  it("twice: 422, whichever comes first", async (context) => {
    const { get, newcomer } = await runningApi(context);
    const line = `Authorization: Bearer ${(await newcomer(email)).token}`;
    assert.equal((await get("/user", line)).status, 200);
    for (const both of [
      [line, "Authorization: Bearer x"],
      ["authorization: Basic eDp5", line],
      [line, line],
    ]) {
      assert.equal((await get("/user", ...both)).status, 422);
    }
  });

  it("a token in an address or a cookie is none", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { token } = await newcomer(email);
    const headers = { Cookie: `access_token=${token}; token=${token}` };
    assert.equal((await ask("GET", `/user?access_token=${token}`, { headers })).status, 401);
  });
});

describe("002-08 GET /user", () => {
  it("is one's own record without the hash; everybody else's is not there", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { token } = await newcomer(email);
    await newcomer("other@example.test");
    const { json } = await ask("GET", "/user", { token });
    const { _id, ...rest } = json["data"] as { _id: string };
    assert.deepEqual(rest, { name: "subject", email });
    for (const own of [`email=${email}`, `email=SUBJECT@example.test`, `id=${_id}`, `id=${_id}&email=${email}`]) {
      assert.deepEqual((await ask("GET", `/user?${own}`, { token })).json, json, own);
    }
    for (const other of ["email=other@example.test", "email=nobody@example.test", "id=2", "id=999", `id=2&email=${email}`]) {
      assert.deepEqual((await ask("GET", `/user?${other}`, { token })).json, { ok: true, data: null }, other);
    }
    for (const query of ["email[$ne]=x", "password=x", "email=a&email=b"]) {
      assert.equal((await ask("GET", `/user?${query}`, { token })).status, 400, query);
    }
  }); // prettier-ignore
});

describe("002-09 PATCH /user", () => {
  it("without query: 400 Bad request parameters!", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { token } = await newcomer(email);
    const answer = await ask("PATCH", "/user", { token, body: { payload: { name: "x" } } });
    assert.deepEqual(said(answer), [400, false, "Bad request parameters!"]);
    assert.deepEqual(answer.json["errors"], [{ field: "query", message: "is required" }]);
  });

  it("changes one's own record, by a schema", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { token } = await newcomer(email);
    const query = { email };
    const patch = (payload: object) => ask("PATCH", "/user", { token, body: { query, payload } });
    assert.deepEqual((await patch({ name: "Another Name" })).json, { ok: true, message: "record updated" });
    assert.equal(
      ((await ask("GET", "/user", { token })).json["data"] as { name: string }).name,
      "Another Name",
    );
    for (let turn = 0; turn < 12; turn += 1) {
      assert.equal((await patch({ name: `Name ${turn}` })).status, 200, "no password, no try");
    }
    for (const payload of [{ isAdmin: true }, { _id: "2" }, { hash: "x" }, {}]) {
      assert.equal((await patch(payload)).status, 400, JSON.stringify(payload));
    }
    await newcomer("other@example.test");
    const current_password = password;
    assert.equal(
      (await patch({ email: "OTHER@example.test", current_password })).json["code"],
      "email-taken",
    );
    assert.equal((await patch({ email: "new@example.test" })).json["code"], "current-password-wrong");
    assert.equal((await patch({ email: "new@example.test", current_password })).status, 200);
    assert.equal((await ask("POST", "/auth", { body: { email: "new@example.test", password } })).status, 200);
    assert.equal((await ask("POST", "/auth", { body: { email, password } })).status, 401);
  });

  it("hashes a new password, wants the old one, and ends every token", async (context) => {
    const { ask, newcomer, store } = await runningApi(context);
    const { token, refresh } = await newcomer(email);
    const patch = (payload: object) => ask("PATCH", "/user", { token, body: { query: { email }, payload } });
    const next = "quite another password";
    assert.equal((await patch({ password: next })).json["code"], "current-password-wrong");
    assert.equal((await patch({ password: next, current_password: "not this one" })).status, 403);
    assert.equal((await patch({ password: "password1", current_password: password })).status, 400);
    assert.equal((await patch({ password: next, current_password: password })).status, 200);
    assert.equal((await ask("GET", "/user", { token })).json["msg"], "Token has been revoked");
    assert.equal((await ask("POST", "/refresh", { token: refresh })).status, 401);
    assert.equal((await ask("POST", "/auth", { body: { email, password } })).status, 401);
    assert.equal((await ask("POST", "/auth", { body: { email, password: next } })).status, 200);
    const [kept] = await store.db.selectFrom("passwords").select("hash").execute();
    assert.match(kept?.hash ?? "", /^\$argon2id\$/);
  });

  it("of anybody else, or of nobody, changes nothing: 404 either way", async (context) => {
    const { ask, newcomer, store } = await runningApi(context);
    const { token } = await newcomer(email);
    await newcomer("other@example.test");
    const before = await store.db.selectFrom("users").selectAll().execute();
    for (const query of [{ email: "other@example.test" }, { email: "nobody@example.test" }, { id: "2" }, { id: "2", email }]) {
      const answer = await ask("PATCH", "/user", { token, body: { query, payload: { name: "mine now" } } });
      assert.deepEqual(said(answer), [404, false, "no record found"]);
    }
    assert.deepEqual(await store.db.selectFrom("users").selectAll().execute(), before);
  }); // prettier-ignore
});

describe("002-10 DELETE /user", () => {
  it("deletes oneself with all that is one's own, and nobody else", async (context) => {
    const { ask, newcomer, store } = await runningApi(context);
    const { token, refresh } = await newcomer(email);
    await newcomer("other@example.test");
    await ask("POST", "/task", { token, body: { title: "t", status: "todo" } });
    const remove = (body: object) => ask("DELETE", "/user", { token, body });
    assert.deepEqual(said(await remove({})), [400, false, "Bad request parameters!"]);
    for (const body of [{ email: "other@example.test" }, { email: "nobody@example.test" }, { id: "2" }]) {
      assert.deepEqual((await remove(body)).json, { ok: true, message: "no record found" });
    }
    assert.deepEqual((await remove({ email })).json, { ok: true, message: "record deleted" });
    assert.equal((await ask("GET", "/user", { token })).status, 401);
    assert.equal((await ask("POST", "/refresh", { token: refresh })).status, 401);
    for (const table of ["users", "identities", "passwords"] as const) {
      assert.equal((await store.db.selectFrom(table).selectAll().execute()).length, 1, table);
    }
    assert.deepEqual(await store.db.selectFrom("tasks").selectAll().execute(), []);
  });

  it("POST /user: 405", async (context) => {
    const { ask } = await runningApi(context);
    const { status, headers } = await ask("POST", "/user", { body: {} });
    assert.deepEqual([status, headers.get("allow")], [405, "GET, HEAD, PATCH, DELETE"]);
  });
});

describe("002-11 tasks", () => {
  it("are made, read, changed, listed, grouped and deleted", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { token } = await newcomer(email);
    const created = await ask("POST", "/task", { token, body: { title: "Write", description: "a\nb", status: "todo" } });
    const { _id, ...task } = created.json["data"] as { _id: string };
    assert.deepEqual([created.status, created.json["ok"], task], [200, true, { title: "Write", description: "a\nb", status: "todo", email }]);
    const bare = await ask("POST", "/task", { token, body: { title: "Bare", status: "done" } });
    assert.deepEqual(Object.keys(bare.json["data"] as object), ["_id", "title", "status", "email"]);
    assert.deepEqual((await ask("GET", `/task?id=${_id}`, { token })).json, created.json);
    const change = { id: _id, payload: { status: "doing" } };
    assert.deepEqual((await ask("PATCH", "/task", { token, body: change })).json, { ok: true, message: "record updated" });
    const doing = { _id, ...task, status: "doing" };
    assert.deepEqual((await ask("GET", "/list/task", { token })).json, { ok: true, data: [doing, bare.json["data"]] });
    assert.deepEqual((await ask("GET", "/list/task?group=true", { token })).json, {
      ok: true,
      data: { doing: [doing], done: [bare.json["data"]] },
    });
    assert.deepEqual((await ask("DELETE", "/task", { token, body: { id: _id } })).json, { ok: true, message: "record deleted" });
    assert.deepEqual((await ask("DELETE", "/task", { token, body: { id: _id } })).json, { ok: true, message: "no record found" });
    assert.deepEqual((await ask("GET", `/task?id=${_id}`, { token })).json, { ok: true, data: null });
  }); // prettier-ignore

  it("want a soundly written request", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { token } = await newcomer(email);
    for (const [method, path, body, message] of [
      ["POST", "/task", { title: "t" }, "Bad request parameters: status: is required"],
      ["POST", "/task", { title: "t", status: "later" }, "Bad request parameters: status: must be one of todo, doing, done"],
      ["POST", "/task", { title: "t", status: "todo", email: "other@example.test" }, "Bad request parameters: only title, description, status may be given here"],
      ["PATCH", "/task", { id: "1" }, "Bad request parameters: payload: is required"],
      ["PATCH", "/task", { id: "1", payload: { user_id: 2 } }, "Bad request parameters: payload: only title, description, status may be given here"],
      ["DELETE", "/task", {}, "Bad request parameters!"],
    ] as const) {
      assert.deepEqual(said(await ask(method, path, { token, body })), [400, false, message]);
    }
    assert.equal((await ask("GET", "/task", { token })).status, 400);
  }); // prettier-ignore

  it("belong to one person: by no verb does anybody else reach them", async (context) => {
    const { ask, newcomer, store } = await runningApi(context);
    const mine = await newcomer(email);
    const theirs = await newcomer("other@example.test");
    const { json } = await ask("POST", "/task", {
      token: theirs.token,
      body: { title: "theirs", status: "todo" },
    });
    const { _id: id } = json["data"] as { _id: string };
    const before = await store.db.selectFrom("tasks").selectAll().execute();
    for (const who of [{ token: mine.token }, { certificate: "Cecilia Payne" }]) {
      assert.deepEqual((await ask("GET", `/task?id=${id}`, who)).json, { ok: true, data: null });
      assert.deepEqual((await ask("GET", "/list/task", who)).json, { ok: true, data: [] });
      assert.deepEqual((await ask("GET", "/list/task?group=1", who)).json, { ok: true, data: {} });
      assert.equal(
        (await ask("PATCH", "/task", { ...who, body: { id, payload: { title: "mine" } } })).status,
        404,
      );
      assert.equal(
        (await ask("DELETE", "/task", { ...who, body: { id } })).json["message"],
        "no record found",
      );
    }
    for (const [method, path, body] of [
      ["GET", `/task?id=${id}`, undefined],
      ["GET", "/list/task", undefined],
      ["POST", "/task", { title: "t", status: "todo" }],
      ["PATCH", "/task", { id, payload: { title: "mine" } }],
      ["DELETE", "/task", { id }],
    ] as const) {
      assert.equal((await ask(method, path, { body })).status, 401, `${method} ${path}`);
    }
    assert.deepEqual(await store.db.selectFrom("tasks").selectAll().execute(), before);
  });
});

it("an account made by the API is opened on the login page too, and its tasks are on the board", async (context) => {
  const { ask, newcomer, target } = await runningApi(context);
  const { token } = await newcomer(email);
  await ask("POST", "/task", { token, body: { title: "Made by token", status: "doing" } });
  const person = visitor(target);
  assert.equal((await person.fillIn("/login?next=/tasks", { username: email, password })).location, "/tasks");
  assert.match((await person.open("/tasks")).body, /Made by token/);
  await person.fillIn("/tasks/1", {}, "/tasks/1/delete");
  assert.deepEqual((await ask("GET", "/list/task", { token })).json["data"], []);
  // the cookie opens pages, and nothing here
  const headers = { Cookie: `__Host-sallyport-app=${person.cookie ?? ""}` };
  assert.equal((await ask("GET", "/list/task", { headers })).status, 401);
});

describe("002-12 GET /api/v1.0/ping", () => {
  it("answers; what is not there is 404 in JSON", async (context) => {
    const { ask } = await runningApi(context);
    for (const path of ["/api/v1.0/ping", "/api/v1/ping"]) {
      assert.deepEqual((await ask("GET", path)).json, { data: "Server running" });
    }
    for (const path of ["/api/v1.0/nothing", "/api", "/api/v1/", "/api/v2/ping", "/api/v1/ping/"]) {
      const { status, json } = await ask("GET", path);
      assert.deepEqual([status, json["error"], json["ok"]], [404, "Not found", false], path);
    }
  });
});

describe("a certificate in a token's place", () => {
  it("opens its own account, and no other", async (context) => {
    const { ask } = await runningApi(context);
    const certificate = "Grace Hopper";
    const { json } = await ask("GET", "/user", { certificate });
    assert.deepEqual(json, { ok: true, data: { _id: "1", name: "Grace Hopper", email: null } });
    await ask("POST", "/task", { certificate, body: { title: "hers", status: "todo" } });
    assert.equal(((await ask("GET", "/list/task", { certificate })).json["data"] as unknown[]).length, 1);
    const patched = await ask("PATCH", "/user", {
      certificate,
      body: { query: { id: "1" }, payload: { name: "x1" } },
    });
    assert.equal(patched.json["code"], "opened-otherwise");
    assert.equal(
      (await ask("DELETE", "/user", { certificate, body: { id: "1" } })).json["message"],
      "record deleted",
    );
  });

  it("never goes together with another person's token", async (context) => {
    const { ask, newcomer } = await runningApi(context);
    const { token, refresh } = await newcomer(email);
    const certificate = "Grace Hopper";
    for (const answer of [await ask("GET", "/user", { token, certificate }), await ask("POST", "/refresh", { token: refresh, certificate })]) {
      assert.deepEqual([answer.status, answer.json["code"]], [403, "identities-differ"]);
    }
    // a token that is none does not fall back to the certificate
    assert.equal((await ask("GET", "/user", { token: "garbage", certificate })).status, 422);
  }); // prettier-ignore

  it("writes nothing for another site's page", async (context) => {
    const { ask } = await runningApi(context);
    const certificate = "Grace Hopper";
    const body = { title: "t", status: "todo" };
    for (const headers of [{ "Sec-Fetch-Site": "cross-site" }, { "Sec-Fetch-Site": "same-site" }, { Origin: "https://elsewhere.test" }, { Origin: "null" }]) {
      const { status, json } = await ask("POST", "/task", { certificate, body, headers });
      assert.deepEqual([status, json["code"]], [403, "origin-foreign"], JSON.stringify(headers));
    }
    assert.equal((await ask("POST", "/task", { certificate, body, headers: { "Content-Type": "text/plain" } })).status, 415);
    assert.deepEqual((await ask("GET", "/list/task", { certificate })).json["data"], []);
  }); // prettier-ignore
});
