import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asBrowser, grace, runningApp, secretLine, success } from "../testing/running-app.ts";

describe("GET /", () => {
  for (const [accept, type] of [
    ["Accept: */*", "text/plain"],
    ["X-Nothing: to say", "text/plain"],
    ["Accept: application/pdf", "text/plain"],
    ["Accept: text/html;q=0.5, text/plain", "text/plain"],
    [asBrowser, "text/html"],
  ] as const) {
    it(`${accept} -> ${type}, kept by no cache`, async (context) => {
      const { headers } = await (await runningApp(context)).get("/", accept, secretLine, success, grace);
      assert.equal(headers.get("content-type"), `${type}; charset=utf-8`);
      assert.equal(headers.get("vary"), "Accept");
      assert.equal(headers.get("cache-control"), "private, no-store");
    });
  }
});

it("a name cannot bring markup into the page", async (context) => {
  const { body } = await (
    await runningApp(context)
  ).get("/", asBrowser, secretLine, success, String.raw`SSL_CLIENT_S_DN: CN=\<script\>alert(1)\</script\>`);
  assert.ok(!/<script/i.test(body));
  assert.ok(body.includes("<h1>Hello <bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>!</h1>"), body);
  assert.ok(body.includes("<title>Hello &lt;script&gt;"));
});

it("a name that turns the direction of text around shows what it is", async (context) => {
  const app = await runningApp(context);
  const { body } = await app.get("/", asBrowser, secretLine, success, String.raw`SSL_CLIENT_S_DN: CN=Test\E2\80\AEreppoH`);
  assert.ok(body.includes("<bdi>Test\\u202EreppoH</bdi>"), body);
}); // prettier-ignore

it("a name beyond ASCII stands in the page as it is, beside the subject and issuer as they were sent", async (context) => {
  const app = await runningApp(context);
  const { body } = await app.get(
    "/",
    asBrowser,
    secretLine,
    success,
    String.raw`SSL_CLIENT_S_DN: CN=Zo\C3\AB,C=US`,
    "SSL_CLIENT_I_DN: CN=Root,C=US",
  );
  assert.ok(body.includes("<h1>Hello <bdi>Zoë</bdi>!</h1>"));
  assert.ok(body.includes(String.raw`<bdi>CN=Zo\C3\AB,C=US</bdi>`));
  assert.ok(body.includes("<bdi>CN=Root,C=US</bdi>"));
});

it("a dialect without a subject shows what it carries, and no empty lines", async (context) => {
  const app = await runningApp(context, "remote-user");
  const { body } = await app.get("/", asBrowser, secretLine, "Remote-User: Grace Hopper", "Remote-Email: <grace>@flask.local");
  assert.ok(body.includes("<h1>Hello <bdi>Grace Hopper</bdi>!</h1>"));
  assert.ok(body.includes("<dd><bdi>&lt;grace&gt;@flask.local</bdi></dd>"), body);
  assert.ok(!/Subject|Issued by|undefined/.test(body), body);
}); // prettier-ignore

it("the anonymous page greets nobody and says what to do next", async (context) => {
  const { body } = await (await runningApp(context)).get("/", asBrowser);
  assert.ok(body.includes("<h1>Hello Unauthorized!</h1>"));
  assert.ok(body.includes("choose your certificate"));
});
