/** What every engine promises of tasks. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { Store } from "../store/index.ts";
import { mostTasks, tasks as tasksIn } from "../tasks/tasks.ts";
import { addPeople } from "./add-people.ts";

/** @param freshStore migrated, empty, and gone when the test ends */
export function tasksContract(freshStore: (context: TestContext) => Promise<Store>): void {
  describe("tasks", () => {
    const fresh = async (context: TestContext) => {
      const store = await freshStore(context);
      const [mine = 0, theirs = 0] = await addPeople(store, "subject@example.test", undefined);
      return { store, tasks: tasksIn(store), mine, theirs };
    };

    it("come back as they were written, with numbers that are numbers", async (context) => {
      const { tasks, mine } = await fresh(context);
      const title = "Zoë’s 日本 👩‍🚀 'quotes' \\ %_";
      const added = await tasks.add(mine, { title, description: "a\n\tb", status: "doing" });
      assert.deepEqual({ ...added }, { id: added?.id, title, description: "a\n\tb", status: "doing", email: "subject@example.test" }); // prettier-ignore
      assert.equal(typeof added?.id, "number");
      assert.deepEqual(await tasks.find(mine, String(added?.id)), added);
      assert.deepEqual(await tasks.list(mine), [added]);
    });

    it("stand in the order in which they came to their column", async (context) => {
      const { tasks, mine } = await fresh(context);
      const ids: string[] = [];
      for (const title of ["a", "b", "c"]) {
        ids.push(String((await tasks.add(mine, { title, status: "todo" }))?.id));
      }
      const titles = async () => (await tasks.list(mine)).filter(({ status }) => status === "todo").map(({ title }) => title); // prettier-ignore
      assert.deepEqual(await titles(), ["a", "b", "c"]);
      const [first = ""] = ids;
      assert.equal(await tasks.change(mine, first, { status: "done" }), true);
      assert.equal(await tasks.change(mine, first, { status: "todo" }), true);
      assert.deepEqual(await titles(), ["b", "c", "a"]);
      // to where it is already: it stays where it stands
      await tasks.change(mine, ids[1] ?? "", { status: "todo", title: "B" });
      assert.deepEqual(await titles(), ["B", "c", "a"]);
    });

    it("are nobody else's, by any query", async (context) => {
      const { tasks, mine, theirs } = await fresh(context);
      const id = String((await tasks.add(theirs, { title: "theirs", status: "todo" }))?.id);
      assert.deepEqual(await tasks.list(mine), []);
      assert.equal(await tasks.find(mine, id), undefined);
      assert.equal(await tasks.change(mine, id, { title: "mine", status: "done" }), false);
      assert.equal(await tasks.remove(mine, id), false);
      const kept = await tasks.find(theirs, id);
      assert.deepEqual([kept?.title, kept?.status, kept?.email], ["theirs", "todo", null]);
      assert.equal(await tasks.remove(theirs, id), true);
      assert.equal(await tasks.remove(theirs, id), false);
    });

    it("are not found by what is no number of theirs", async (context) => {
      const { tasks, mine } = await fresh(context);
      await tasks.add(mine, { title: "t", status: "todo" });
      for (const id of ["", "0", "-1", "1.0", "01", "1e0", " 1", "0x1", "1 or 1=1", "9".repeat(15), "9".repeat(40), "\u0661", "null"]) {
        assert.equal(await tasks.find(mine, id), undefined, id);
        assert.equal(await tasks.change(mine, id, { title: "x" }), false, id);
        assert.equal(await tasks.remove(mine, id), false, id);
      }
    }); // prettier-ignore

    it("of one person have an end", async (context) => {
      const { store, tasks, mine, theirs } = await fresh(context);
      const row = { user_id: mine, title: "t", description: null, status: "todo" as const, position: 1, created: 0, edited: null }; // prettier-ignore
      for (let turn = 0; turn < mostTasks / 100; turn += 1) {
        await store.db.insertInto("tasks").values(Array<typeof row>(100).fill(row)).execute();
      }
      assert.equal(await tasks.add(mine, { title: "one more", status: "todo" }), undefined);
      assert.ok(await tasks.add(theirs, { title: "one", status: "todo" }));
    });

    it("go with their person", async (context) => {
      const { store, tasks, mine } = await fresh(context);
      await tasks.add(mine, { title: "t", status: "todo" });
      await store.db.deleteFrom("users").where("id", "=", mine).execute();
      assert.deepEqual(await store.db.selectFrom("tasks").selectAll().execute(), []);
    });
  });
}
