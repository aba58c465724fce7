import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { runningApp } from "../testing/running-app.ts";
import { textOf, visitor } from "../testing/visitor.ts";

const subject = "CN=Grace Hopper,ST=Virginia,C=US";

async function herBoard(context: TestContext, ...titles: readonly string[]) {
  const app = await runningApp(context);
  const grace = visitor(app.target, { subject });
  for (const title of titles) await grace.fillIn("/tasks/new", { title, status: "todo" }, "/tasks");
  const columns = async () =>
    (await grace.open("/tasks")).body
      .split("<section")
      .slice(1)
      .map((section) => [...section.matchAll(/<h3>.*<bdi>(.*)<\/bdi>.*<\/h3>/g)].map(([, title]) => title));
  return { ...app, grace, columns };
}

describe("the board", () => {
  it("is for whoever is signed in, and leads others to the login and back", async (context) => {
    const { target } = await runningApp(context);
    for (const path of ["/tasks", "/tasks/new", "/tasks/1"]) {
      const { status, location } = await visitor(target).open(path);
      assert.deepEqual([status, location], [302, `/login?next=${encodeURIComponent(path)}`]);
    }
  });

  it("takes a new task into a column, and says so once", async (context) => {
    const { grace, columns } = await herBoard(context);
    const { status, location } = await grace.fillIn("/tasks/new", { title: " <b>Write</b> ", description: "one\r\ntwo", status: "doing" }, "/tasks");
    assert.deepEqual([status, location], [302, "/tasks#task-1"]);
    const { body } = await grace.open("/tasks");
    assert.match(textOf(body), /“&lt;b&gt;Write&lt;\/b&gt;” is on the board\./);
    assert.ok(body.includes("<bdi>&lt;b&gt;Write&lt;/b&gt;</bdi>") && body.includes("<bdi>one\ntwo</bdi>"), body);
    assert.ok(!textOf((await grace.open("/tasks")).body).includes("on the board."));
    assert.deepEqual(await columns(), [[], ["&lt;b&gt;Write&lt;/b&gt;"], []]);
  }); // prettier-ignore

  it("moves it one column on and back, and nowhere else", async (context) => {
    const { grace, columns } = await herBoard(context, "a", "b");
    const { body } = await grace.open("/tasks");
    assert.ok(body.includes('aria-label="Move “a” to Doing"'));
    assert.ok(
      !body.includes('aria-label="Move “a” to Done"') && !body.includes('aria-label="Move “a” to To do"'),
    );
    assert.equal((await grace.fillIn("/tasks", { to: "doing" }, "/tasks/1/move")).location, "/tasks#task-1");
    assert.deepEqual(await columns(), [["b"], ["a"], []]);
    await grace.fillIn("/tasks", { to: "done" }, "/tasks/1/move");
    await grace.fillIn("/tasks", { to: "doing" }, "/tasks/1/move");
    await grace.fillIn("/tasks", { to: "todo" }, "/tasks/1/move");
    assert.deepEqual(await columns(), [["b", "a"], [], []]);
    assert.equal((await grace.fillIn("/tasks", { to: "later" }, "/tasks/1/move")).status, 404);
  });

  it("changes and deletes", async (context) => {
    const { grace, columns } = await herBoard(context, "a", "b");
    const { body } = await grace.open("/tasks/1");
    assert.match(body, /value="a"/);
    assert.equal((await grace.fillIn("/tasks/1", { title: "A", description: "d", status: "done" })).location, "/tasks#task-1"); // prettier-ignore
    assert.deepEqual(await columns(), [["b"], [], ["A"]]);
    assert.equal((await grace.fillIn("/tasks/1", {}, "/tasks/1/delete")).location, "/tasks");
    assert.deepEqual(await columns(), [["b"], [], []]);
    assert.equal((await grace.open("/tasks/1")).status, 404);
  });

  it("says beside the field what is wrong, and keeps what was typed", async (context) => {
    const { grace, columns } = await herBoard(context);
    for (const [fields, message] of [
      [{ title: "  ", description: "kept as it is", status: "done" }, "This field is required."],
      [{ title: "x".repeat(201), description: "kept as it is", status: "done" }, "must have at most 200 characters"],
      [{ title: "t", description: "kept as it is", status: "later" }, "must be one of todo, doing, done"],
      [{ title: "t\u0000", description: "kept as it is", status: "done" }, "must have something to be seen, and no control characters"],
    ] as const) {
      const { status, body } = await grace.fillIn("/tasks/new", fields, "/tasks");
      assert.equal(status, 200);
      assert.ok(body.includes(`[${message}]`) && body.includes("kept as it is"), body);
      assert.match(body, /aria-invalid="true"/);
    }
    assert.deepEqual(await columns(), [[], [], []]);
  }); // prettier-ignore

  it("shows nobody else's tasks, and takes nothing for them", async (context) => {
    const { grace, target, columns } = await herBoard(context, "hers");
    const cecilia = visitor(target, { subject: "CN=Cecilia Payne,ST=Virginia,C=US" });
    assert.ok(!(await cecilia.open("/tasks")).body.includes("hers"));
    assert.equal((await cecilia.open("/tasks/1")).status, 404);
    for (const [action, fields] of [
      ["/tasks/1", { title: "mine", status: "done" }],
      ["/tasks/1/move", { to: "done" }],
      ["/tasks/1/delete", {}],
    ] as const) {
      assert.equal((await cecilia.fillIn("/tasks/new", fields, action)).status, 404, action);
    }
    assert.deepEqual(await columns(), [["hers"], [], []]);
    assert.equal((await grace.open("/tasks/1")).status, 200);
  });

  it("does nothing without the form's token, though the certificate comes along", async (context) => {
    const { grace, columns } = await herBoard(context, "a");
    for (const [action, fields] of [
      ["/tasks", { title: "forged", status: "todo" }],
      ["/tasks/1", { title: "forged", status: "todo" }],
      ["/tasks/1/move", { to: "done" }],
      ["/tasks/1/delete", {}],
    ] as const) {
      assert.equal((await grace.send(action, fields)).status, 403, action);
    }
    assert.deepEqual(await columns(), [["a"], [], []]);
  });
});
