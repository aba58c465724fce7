/** What every place for sessions does alike. One suite, run on each: the table beside it, Redis in test/integration. */
import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import type { SessionRecord, SessionRecords } from "../index.ts";

const minute = 60_000;

/** @param open empty, with the people 1 and 2 in the store */
export function sessionContract(open: (context: TestContext) => Promise<SessionRecords>): void {
  it("finds what was put, as it was put, and nothing else", async (context) => {
    const records = await open(context);
    const record = session("a", 1, { data: '{"x":"Zoë 🙂"}', userAgent: "agent", address: "192.0.2.1" });
    await records.put(record);
    assert.deepEqual(await records.find("a"), record);
    assert.equal(await records.find("b"), undefined);
    await records.put(session("nobody's", null));
    assert.equal((await records.find("nobody's"))?.userId, null);
  });

  it("replaces what is there, and brings back nothing that was removed", async (context) => {
    const records = await open(context);
    await records.put(session("a", null));
    const changed = session("a", 1, { data: "changed" });
    await records.replace(changed);
    assert.deepEqual(await records.find("a"), changed);
    assert.deepEqual(await records.ofUser(1), [changed]);
    await records.remove("a");
    await records.replace(changed);
    await records.touch("a", Date.now(), Date.now() + minute);
    assert.equal(await records.find("a"), undefined);
    assert.deepEqual(await records.ofUser(1), []);
  });

  it("moves the end of what is used", async (context) => {
    const records = await open(context);
    const record = session("a", 1);
    await records.put(record);
    const [seen, expires] = [record.seen + 5, record.expires + minute];
    await records.touch("a", seen, expires);
    assert.deepEqual(await records.find("a"), { ...record, seen, expires });
  });

  it("finds nothing whose time is over, and throws it away", async (context) => {
    const records = await open(context);
    await records.put(session("over", 1, { expires: Date.now() - 1 }));
    await records.put(session("open", 1));
    assert.equal(await records.find("over"), undefined);
    assert.deepEqual((await records.ofUser(1)).map(({ idHash }) => idHash), ["open"]); // prettier-ignore
    await records.sweep();
    assert.ok(await records.find("open"));
  });

  it("lists what somebody has open, the latest seen first", async (context) => {
    const records = await open(context);
    const now = Date.now();
    for (const [id, seen] of [["b", now - 2], ["c", now], ["a", now - 1]] as const) await records.put(session(id, 1, { seen })); // prettier-ignore
    await records.put(session("other", 2));
    assert.deepEqual((await records.ofUser(1)).map(({ idHash }) => idHash), ["c", "a", "b"]); // prettier-ignore
    assert.deepEqual(await records.ofUser(3), []);
  });

  it("ends all of somebody's but one, and nobody else's", async (context) => {
    const records = await open(context);
    for (const id of ["a", "b", "c"]) await records.put(session(id, 1));
    await records.put(session("other", 2));
    assert.equal(await records.removeAllOf(1, "b"), 2);
    assert.deepEqual((await records.ofUser(1)).map(({ idHash }) => idHash), ["b"]); // prettier-ignore
    assert.equal(await records.find("a"), undefined);
    assert.equal(await records.removeAllOf(1), 1);
    assert.equal((await records.ofUser(2)).length, 1);
  });
}

function session(idHash: string, userId: number | null, more: Partial<SessionRecord> = {}): SessionRecord {
  const now = Date.now();
  return { idHash, userId, data: "{}", created: now, seen: now, expires: now + minute, userAgent: "", address: "", ...more }; // prettier-ignore
}
