import assert from "node:assert/strict";
import { test } from "node:test";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Roll } from "./roll.ts";

const numbered = (count: number) => Array.from({ length: count }, (_, at) => ({ at }));
const numbers = (roll: Roll<{ at: number }>) => [...roll].map(({ at }) => at).sort((a, b) => a - b);

test("whoever was added is there until it is deleted, and counts once", () => {
  const [first, second, third] = numbered(3) as [{ at: number }, { at: number }, { at: number }];
  const roll = new Roll<{ at: number }>();
  roll.add(first);
  roll.add(second);
  roll.add(second);
  roll.add(third);
  assert.deepEqual([roll.size, numbers(roll)], [3, [0, 1, 2]]);
  assert.equal(roll.delete(first), true);
  assert.equal(roll.delete(first), false);
  assert.deepEqual([roll.has(first), roll.has(third)], [false, true]);
  assert.deepEqual([roll.size, numbers(roll)], [2, [1, 2]]);
  assert.equal(roll.delete(third), true);
  assert.equal(roll.delete(second), true);
  assert.deepEqual([roll.size, numbers(roll)], [0, []]);
  roll.add(first);
  assert.deepEqual(numbers(roll), [0]);
});

test("it holds what a Set holds, whatever comes and goes", () => {
  const roll = new Roll<{ at: number }>();
  const set = new Set<{ at: number }>();
  const all = numbered(50);
  let state = 1;
  for (let step = 0; step < 20_000; step += 1) {
    state = (state * 48_271) % 2_147_483_647;
    const member = all[state % all.length];
    assert.ok(member);
    if (state % 3 === 0) assert.equal(roll.delete(member), set.delete(member));
    else {
      roll.add(member);
      set.add(member);
    }
    assert.equal(roll.size, set.size);
  }
  assert.deepEqual(new Set(roll), set);
});

test("members may come and go while somebody looks through it", () => {
  const roll = new Roll<{ at: number }>();
  for (const member of numbered(10)) roll.add(member);
  const seen: number[] = [];
  for (const member of roll) {
    seen.push(member.at);
    roll.delete(member);
    roll.add({ at: 100 });
  }
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(roll.size, 10);
});

test("who has left is forgotten by a look at what is young, however old the roll is", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options?: { type: "minor" }) => void;
  const roll = new Roll<{ load: number[] }>();
  const present: { load: number[] }[] = [];
  const churn = (times: number) => {
    for (let time = 0; time < times; time += 1) {
      const member = { load: Array.from({ length: 128 }, () => time) };
      present.push(member);
      roll.add(member);
      const oldest = present.length > 32 ? present.shift() : undefined;
      if (oldest) roll.delete(oldest);
    }
  };
  churn(1_000);
  collect(); // all of it is old now
  const before = getHeapStatistics().used_heap_size;
  churn(50_000); // 50 MB
  collect({ type: "minor" });
  const more = (getHeapStatistics().used_heap_size - before) / 1_048_576;
  assert.ok(more < 8, `${more.toFixed(1)} MiB more, with the same 32 members`);
});
