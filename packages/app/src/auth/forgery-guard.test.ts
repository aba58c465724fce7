import assert from "node:assert/strict";
import { describe, it, test, type TestContext } from "node:test";
import { runningApp, type RunningApp } from "../testing/running-app.ts";
import { tokenIn, visitor, type Visitor } from "../testing/visitor.ts";

const password = "a nanosecond is this long";
const subject = "CN=Grace Hopper,ST=Virginia,C=US";

async function people(context: TestContext): Promise<{ app: RunningApp; byPassword: Visitor; byCertificate: Visitor }> {
  const app = await runningApp(context);
  await visitor(app.target).fillIn("/register", { username: "Ada", password, password2: password });
  const byPassword = visitor(app.target);
  await byPassword.fillIn("/login", { username: "Ada", password });
  return { app, byPassword, byCertificate: visitor(app.target, { subject }) };
} // prettier-ignore

const codeIn = ({ log }: RunningApp): string | undefined => {
  const { code } = JSON.parse(log.at(-1) ?? "{}") as { code?: string };
  return code;
};

void test("a form is sent only by whoever stood on its page", async (context) => {
  const { app, byPassword, byCertificate } = await people(context);
  const forged: [name: string, headers: Record<string, string>][] = [
    ["from another site, by Origin", { Origin: "https://evil.test", "Sec-Fetch-Site": "" }],
    ["from another site, by Sec-Fetch-Site", { Origin: "", "Sec-Fetch-Site": "cross-site" }],
    ["from a sibling", { Origin: "https://evil.app.test", "Sec-Fetch-Site": "same-site" }],
    ["from another port", { Origin: "https://app.test:8443" }],
    ["from the same name without TLS", { Origin: "http://app.test" }],
    ["from a page that hides where it is, in an old browser", { Origin: "null", "Sec-Fetch-Site": "" }],
    ["from another site's page that hides where it is", { Origin: "null", "Sec-Fetch-Site": "cross-site" }],
    ["from a sibling's page that hides where it is", { Origin: "null", "Sec-Fetch-Site": "same-site" }],
    ["from nobody's page that hides where it is", { Origin: "null", "Sec-Fetch-Site": "none" }],
    ["from a page of this site, framed by none", { Origin: "https://app.test.evil.test" }],
    ["with something that is no origin", { Origin: "https://app.test/path" }],
  ];
  for (const [name, headers] of forged) {
    await context.test(`${name}, even with the right token`, async () => {
      for (const person of [byPassword, byCertificate]) {
        const token = tokenIn((await person.open("/account/delete")).body) ?? "";
        const answer = await person.send(
          "/account/delete",
          { csrf_token: token, current: password },
          headers,
        );
        assert.equal(answer.status, 403);
        assert.match(answer.body, /This request came from another site\.[\s\S]*Nothing was changed/);
        assert.equal(codeIn(app), "request-cross-site");
      }
      assert.equal((await app.store.db.selectFrom("users").select("id").execute()).length, 2);
    });
  }
});

describe("a form holds its session's token", () => {
  it("and a browser that says no more than that it is the same site is believed", async (context) => {
    const { byCertificate } = await people(context);
    const said = [{ Origin: "" }, { "Sec-Fetch-Site": "" }, { Origin: "null" }, { Origin: "", "Sec-Fetch-Site": "" }]; // prettier-ignore
    for (const headers of said) {
      const token = tokenIn((await byCertificate.open("/account/delete")).body) ?? "";
      assert.equal((await byCertificate.send("/logout", { csrf_token: token }, headers)).location, "/logout");
    }
  });

  it("without a token, or with another one, it is refused with what to do", async (context) => {
    const { app, byPassword, byCertificate } = await people(context);
    const somebody = visitor(app.target);
    const foreign = tokenIn((await somebody.open("/login")).body) ?? "";
    for (const person of [byPassword, byCertificate]) {
      const own = tokenIn((await person.open("/account/delete")).body) ?? "";
      for (const [token, code] of [
        [undefined, "form-token-missing"],
        ["", "form-token-missing"],
        [foreign, "form-token-wrong"],
        [own.slice(0, -1), "form-token-wrong"],
        [`${own}0`, "form-token-wrong"],
        [own.toUpperCase(), "form-token-wrong"],
      ] as const) {
        const fields = { current: password, ...(token !== undefined && { csrf_token: token }) };
        const { status, body } = await person.send("/account/delete", fields);
        if (token === own.toUpperCase() && token === own) continue; // digits alone
        assert.equal(status, 403);
        assert.match(body, /This form is no longer valid\.[\s\S]*what you typed is still there/);
        assert.equal(codeIn(app), code);
      }
    }
    assert.equal((await app.store.db.selectFrom("users").select("id").execute()).length, 2);
  });

  it("without a session there is no token that could be right", async (context) => {
    const app = await runningApp(context);
    for (const fields of [{}, { csrf_token: "" }, { csrf_token: "undefined" }, { csrf_token: "null" }]) {
      assert.equal((await visitor(app.target).send("/login", fields)).status, 403);
    }
    assert.equal((await visitor(app.target).send("/nowhere", {})).status, 403);
  });

  it("a token in the address does not count", async (context) => {
    const { byPassword } = await people(context);
    const token = tokenIn((await byPassword.open("/account/delete")).body) ?? "";
    assert.equal(
      (await byPassword.send(`/account/delete?csrf_token=${token}`, { current: password })).status,
      403,
    );
  });

  it("a session that has ended, or was changed, takes its forms along", async (context) => {
    const { app, byPassword } = await people(context);
    const token = tokenIn((await byPassword.open("/account/delete")).body) ?? "";
    await app.store.db.deleteFrom("sessions").execute();
    assert.equal(
      (await byPassword.send("/account/delete", { csrf_token: token, current: password })).status,
      403,
    );
    assert.equal((await byPassword.open("/account")).location, "/login?next=%2Faccount");
  });
});

void test("what no page of another site can send needs no token", async (context) => {
  const app = await runningApp(context);
  const grace = visitor(app.target, { subject });
  const json = { "Content-Type": "application/json" };
  const cases: [name: string, headers: Record<string, string>, passes: boolean][] = [
    ["JSON from our own page", json, true],
    ["JSON from no browser", { ...json, Origin: "https://app.test" }, true],
    ["JSON from another site's page, with a certificate", { ...json, Origin: "https://evil.test" }, false],
    ["JSON from another site's page, by Sec-Fetch-Site", { ...json, "Sec-Fetch-Site": "cross-site" }, false],
    [
      "a Bearer token, wherever it is from",
      { Authorization: "Bearer x.y.z", Origin: "https://evil.test" },
      true,
    ],
    ["an empty Bearer token", { Authorization: "Bearer " }, false],
    ["Basic, which browsers remember", { Authorization: "Basic eDp5" }, false],
    ["what only looks like JSON", { "Content-Type": "text/plain; application/json" }, false],
    [
      "JSON in a form's clothes",
      { "Content-Type": "application/x-www-form-urlencoded; a=application/json" },
      false,
    ],
    ["a type that cannot be read", { "Content-Type": "x" }, false],
    ["multipart", { "Content-Type": "multipart/form-data; boundary=x" }, false],
  ];
  for (const [name, headers, passes] of cases) {
    await context.test(`${name}: ${passes ? "passes" : "is refused"}`, async () => {
      const { status } = await grace.send("/nowhere", {}, headers);
      assert.equal(status, passes ? 404 : 403);
    });
  }
});
