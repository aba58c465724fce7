import assert from "node:assert/strict";
import { it } from "node:test";
import type { SessionData } from "express-session";
import type { SessionRecord, SessionRecords } from "../store/index.ts";
import { hashOfId, idleTime, idleTimeOfNobody, SessionStore, wholeTime } from "./session-store.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** A store whose clock the test moves, on records that the test can look at. */
function scene() {
  const kept = new Map<string, SessionRecord>();
  const calls: string[] = [];
  const troubles: unknown[] = [];
  const clock = { now: 1_000_000_000_000 };
  let isAway = false;
  const act = (name: string, change: () => void) => {
    if (isAway) return Promise.reject(new Error("away"));
    calls.push(name);
    change();
    return Promise.resolve();
  };
  const records: SessionRecords = {
    find: (id) => (isAway ? Promise.reject(new Error("away")) : Promise.resolve(kept.get(id))),
    put: (record) => act("put", () => kept.set(record.idHash, record)),
    replace: (record) => act("replace", () => kept.has(record.idHash) && kept.set(record.idHash, record)),
    touch: (id, seen, expires) =>
      act("touch", () => {
        const record = kept.get(id);
        if (record) kept.set(id, { ...record, seen, expires });
      }),
    remove: (id) => act("remove", () => kept.delete(id)),
    ofUser: () => Promise.resolve([]),
    removeAllOf: () => Promise.resolve(0),
    sweep: () => Promise.resolve(0),
  };
  const store = new SessionStore(
    records,
    (error) => troubles.push(error),
    () => clock.now,
  );
  const set = (id: string, data: Partial<SessionData>) =>
    new Promise<void>((resolve, reject) => {
      store.set(id, data as SessionData, (error) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  const get = (id: string) =>
    new Promise<SessionData | null | undefined>((resolve, reject) => {
      store.get(id, (error, data) => {
        if (error instanceof Error) reject(error);
        else resolve(data);
      });
    });
  const touch = (id: string, data: SessionData) => new Promise<void>((resolve) => { store.touch(id, data, resolve); }); // prettier-ignore
  return {
    kept,
    calls,
    troubles,
    clock,
    store,
    set,
    get,
    touch,
    goAway: () => {
      isAway = true;
    },
  };
}

it("keeps a digest of the id, never the id", async () => {
  const { kept, set, get } = scene();
  await set("the id in the cookie", { startedAt: 1, userId: 7, by: "password", userAgent: "agent" });
  assert.deepEqual([...kept.keys()], [hashOfId("the id in the cookie")]);
  assert.ok(!JSON.stringify([...kept.values()]).includes("the id"));
  assert.equal((await get("the id in the cookie"))?.userId, 7);
  assert.equal(await get("another"), undefined);
});

it("keeps nothing of a session that holds nothing", async () => {
  const { kept, set } = scene();
  await set("id", {});
  assert.equal(kept.size, 0);
});

it("of nobody ends two hours after its last use", async () => {
  const { kept, set, get, touch, clock } = scene();
  await set("id", { startedAt: clock.now });
  for (const hours of [0, 1, 2.5]) {
    clock.now += hours * 60 * minute;
    const data = await get("id");
    assert.ok(data);
    await touch("id", data);
    assert.equal(kept.get(hashOfId("id"))?.expires, clock.now + idleTimeOfNobody);
  }
});

it("ends a week after its last use, and a month after its beginning at the latest", async () => {
  const { kept, set, get, touch, clock } = scene();
  const began = clock.now;
  await set("id", { startedAt: began, userId: 1 });
  const end = () => kept.get(hashOfId("id"))?.expires;
  assert.equal(end(), began + idleTime);
  for (const days of [5, 10, 15, 20, 25, 28]) {
    clock.now = began + days * day;
    const data = await get("id");
    assert.ok(data);
    await touch("id", data);
    assert.equal(end(), Math.min(clock.now + idleTime, began + wholeTime));
  }
  assert.equal(end(), began + wholeTime);
});

it("writes down that it was used once a minute at most", async () => {
  const { set, get, touch, clock, calls } = scene();
  await set("id", { startedAt: clock.now });
  for (const later of [1000, 59_000, 61_000]) {
    const data = await get("id");
    assert.ok(data);
    await touch("id", { ...data, seenAt: clock.now - later });
  }
  assert.deepEqual(calls, ["put", "touch"]);
});

it("does not bring back what was ended while a request was under way", async () => {
  const { kept, set, get, store } = scene();
  await set("id", { startedAt: 1, userId: 7 });
  const data = await get("id");
  await new Promise<unknown>((resolve) => { store.destroy("id", resolve); }); // prettier-ignore
  await set("id", { ...data, userId: 7 });
  assert.equal(kept.size, 0);
});

it("tells a request that it cannot be read or kept, and nobody that its use could not be written down", async () => {
  const { set, get, touch, troubles, goAway } = scene();
  await set("id", { startedAt: 1, userId: 7 });
  const data = await get("id");
  assert.ok(data);
  goAway();
  await assert.rejects(get("id"), /away/);
  await assert.rejects(set("id", { startedAt: 1, userId: 7 }), /away/);
  await touch("id", { ...data, seenAt: 0 });
  assert.equal(troubles.length, 1);
});
