import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { runningApp } from "../testing/running-app.ts";
import { textOf, visitor, type Visitor } from "../testing/visitor.ts";
import { addEntry, perPage } from "./entries.ts";

const grace = "CN=Grace Hopper,ST=Virginia,C=US";
const cecilia = "CN=Cecilia Payne,ST=Virginia,C=US";

async function people(context: TestContext) {
  const app = await runningApp(context);
  return {
    app,
    grace: visitor(app.target, { subject: grace }),
    cecilia: visitor(app.target, { subject: cecilia }),
    anybody: visitor(app.target),
  };
}

const write = (who: Visitor, title: string, entry: string) => who.fillIn("/entry", { title, entry });

describe("the journal", () => {
  it("is read by everybody, in order of creation, escaped, with its lines", async (context) => {
    const { grace, cecilia, anybody } = await people(context);
    const sent = await write(grace, "<b>hi</b>", "one\r\n<script>1</script>\r\n\r\nthree");
    assert.deepEqual([sent.status, sent.location], [302, "/"]);
    await write(cecilia, "Second", "of two");
    const { status, headers, body } = await anybody.open("/");
    assert.equal(status, 200);
    assert.equal(headers["set-cookie"], undefined, "whoever only reads is not remembered");
    assert.match(body, /<title>[^<]*Welcome to the Journal!/);
    assert.match(body, /<h2[^>]*>The Journal:<\/h2>/);
    assert.ok(!/<b>hi|<script/.test(body));
    assert.match(body, />one\n&lt;script&gt;1&lt;\/script&gt;\n\nthree</);
    assert.match(
      textOf(body),
      /&lt;b&gt;hi&lt;\/b&gt; by Grace Hopper : one .* Second by Cecilia Payne : of two/,
    );
    assert.match(textOf(body), /Home Login Sign Up/);
    assert.ok(!body.includes(">Edit<"));
  });

  it("says once that an entry is live, to whoever wrote it", async (context) => {
    const { grace, anybody } = await people(context);
    await write(grace, "First", "text");
    assert.ok(!(await anybody.open("/")).body.includes("now live"));
    const { body } = await grace.open("/");
    assert.match(
      textOf(body),
      /Home Create a Journal Entry Tasks Logged in as Grace Hopper Logout Your entry is now live!/,
    );
    assert.ok(!(await grace.open("/")).body.includes("now live"));
  });

  it("asks for both fields, and keeps what was typed", async (context) => {
    const { grace } = await people(context);
    const { status, body } = await write(grace, "  ", "kept <as> it is\r\nwas");
    assert.equal(status, 200);
    assert.match(body, /<a href="#title">Title: This field is required\.<\/a>/);
    assert.match(body, /id="title"[^>]*aria-describedby="title-error"[^>]*aria-invalid="true"/);
    assert.match(body, /id="title-error">\[This field is required\.\]</);
    assert.match(body, /<textarea[^>]*>\nkept &lt;as&gt; it is\nwas<\/textarea>/);
    assert.match(
      (await write(grace, "Title", " \r\n ")).body,
      /id="entry-error">\[This field is required\.\]</,
    );
  });

  it("has each title once, whoever used it and however it is spelt", async (context) => {
    const { grace, cecilia } = await people(context);
    await write(grace, "A Title", "text");
    for (const title of ["A Title", "a  title", "A\u200b Title ", "\uff21 Title"]) {
      const { status, body } = await write(cecilia, title, "other text");
      assert.equal(status, 200);
      assert.match(body, /\[Please use a different title\.\]/, title);
      assert.match(body, />\nother text<\/textarea>/);
    }
    assert.equal((await write(cecilia, "B Title", "other text")).status, 302);
  });

  it("refuses what is too long or cannot be shown", async (context) => {
    const { grace } = await people(context);
    assert.equal((await write(grace, "🙂".repeat(200), "x")).status, 302);
    assert.match(
      (await write(grace, "🙂".repeat(201), "x")).body,
      /\[Field cannot be longer than 200 characters\.\]/,
    );
    assert.match(
      (await write(grace, "t", "x".repeat(10_001))).body,
      /\[Field cannot be longer than 10000 characters\.\]/,
    );
    assert.match(
      (await write(grace, "t", "a\u0000b")).body,
      /\[Field holds a character that cannot be shown\.\]/,
    );
    assert.match((await write(grace, "\u200b", "x")).body, /title-error">\[This field is required\.\]/);
    const { status, body } = await write(grace, "t", "x".repeat(300_000));
    assert.equal(status, 413);
    assert.match(body, /<h1>That is too long\.<\/h1>/);
  });

  it("keeps nobody waiting over an entry full of blanks", { timeout: 20_000 }, async (context) => {
    const { grace } = await people(context);
    const { body } = await write(grace, "t", `a${" ".repeat(250_000)}b`);
    assert.match(body, /\[Field cannot be longer than 10000 characters\.\]/);
    const nothing = await write(grace, "t", "\u200b ".repeat(5_000));
    assert.match(nothing.body, /entry-error">\[This field is required\.\]/);
    assert.equal((await write(grace, "t", "\n\n a \n b \r\n\t\u00a0\n")).status, 302);
    assert.match((await grace.open("/")).body, /> a \n b</);
  });

  it("lets people change and delete their own, and nobody else's", async (context) => {
    const { app, grace, cecilia } = await people(context);
    await write(grace, "Mine", "text");
    const [, path = ""] = /href="(\/entry\/\d+)"/.exec((await grace.open("/")).body) ?? [];
    assert.ok(!(await cecilia.open("/")).body.includes(path));

    assert.equal((await cecilia.open(path)).status, 403);
    for (const address of [path, `${path}/delete`]) {
      const { status, body } = await cecilia.fillIn("/entry", { title: "Theirs", entry: "taken" }, address);
      assert.equal(status, 403);
      assert.match(body, /somebody else&#39;s/);
    }
    assert.match((await grace.open("/")).body, />text</);

    assert.match((await grace.open(path)).body, /value="Mine"[\s\S]*>\ntext<\/textarea>/);
    const changed = await grace.fillIn(path, { title: "MINE", entry: "changed" });
    assert.deepEqual([changed.status, changed.location], [302, "/"]);
    assert.match(
      textOf((await grace.open("/")).body),
      /Your entry was changed\. .*MINE by Grace Hopper : changed .*, edited/,
    );

    await grace.fillIn(path, {}, `${path}/delete`);
    assert.match(
      textOf((await grace.open("/")).body),
      /Your entry was deleted\. .*Nothing is written here yet/,
    );
    assert.equal((await grace.open(path)).status, 404);
    assert.deepEqual(
      app.log.filter((line) => line.includes('"level":50')),
      [],
    );
  });

  it("is a page of twenty at a time, the latest first seen", async (context) => {
    const { app, grace, anybody } = await people(context);
    await grace.open("/");
    for (let number = 1; number <= 2 * perPage + 5; number++)
      await addEntry(app.store, 1, { title: `No. ${number}.`, entry: "text" });
    const numbers = (body: string) =>
      Array.from(body.matchAll(/No\. (\d+)\./g), ([, number]) => Number(number));
    const link = (body: string, rel: string) => new RegExp(`rel="${rel}" href="([^"]+)"`).exec(body)?.[1];
    const latest = (await anybody.open("/")).body;
    assert.deepEqual([numbers(latest)[0], numbers(latest).at(-1)], [26, 45]);
    assert.equal(link(latest, "next"), undefined);
    const middle = (await anybody.open(link(latest, "prev") ?? "")).body;
    assert.deepEqual([numbers(middle)[0], numbers(middle).at(-1)], [6, 25]);
    const first = (await anybody.open(link(middle, "prev") ?? "")).body;
    assert.deepEqual(numbers(first), [1, 2, 3, 4, 5]);
    assert.equal(link(first, "prev"), undefined);
    assert.deepEqual(numbers((await anybody.open(link(first, "next") ?? "")).body), numbers(middle));
    assert.deepEqual(numbers((await anybody.open("/?before=x")).body), numbers(latest));
  });
});

describe("whoever is nobody", () => {
  it("is led to the login page, and back to where they wanted to go", async (context) => {
    const { anybody } = await people(context);
    for (const [path, next] of [
      ["/entry", "%2Fentry"],
      ["/entry?x=1", "%2Fentry%3Fx%3D1"],
      ["/entry/1", "%2Fentry%2F1"],
    ]) {
      const { status, location } = await anybody.open(path ?? "");
      assert.deepEqual([status, location], [302, `/login?next=${next}`]);
    }
    assert.match((await anybody.open("/")).body, /<li>Please log in to access this page\.<\/li>/);
  });

  it("writes nothing", async (context) => {
    const { app, anybody } = await people(context);
    await anybody.send("/entry", { title: "t", entry: "e" });
    const { count } = await app.store.db
      .selectFrom("entries")
      .select((of) => of.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    assert.equal(count, 0);
  });
});

it("links, forms and redirects stay under the mount point", async (context) => {
  const app = await runningApp(context);
  const grace = visitor(app.target, { subject: "CN=Grace Hopper" });
  const under = { "X-Forwarded-Prefix": "/flask" };
  const { body } = await grace.open("/entry", under);
  assert.match(body, /<form method="post" action="\/flask\/entry">/);
  assert.deepEqual(body.match(/(?:href|action)="(?!\/flask\/|data:|#)[^"]*"/g), null);
  const sent = await grace.send(
    "/entry",
    { title: "t", entry: "e", csrf_token: /name="csrf_token" value="([^"]*)"/.exec(body)?.[1] ?? "" },
    under,
  );
  assert.equal(sent.location, "/flask/");
  const anybody = visitor(app.target);
  assert.equal((await anybody.open("/entry", under)).location, "/flask/login?next=%2Fentry");
});
