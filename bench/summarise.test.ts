import assert from "node:assert/strict";
import { it } from "node:test";
import type { Measurement } from "./measure.ts";
import { summarise } from "./summarise.ts";

const measured = (server: string, round: number, spent: number): Measurement => ({
  server,
  round,
  spent,
  done: 10,
  failed: 1,
  seconds: 2,
  p50: 1,
  p99: 2,
});

it("takes ratios within a round and then the median, so that a slow round spoils none", () => {
  const rows = summarise([
    ...[measured("ours", 1, 200), measured("theirs", 1, 100)],
    ...[measured("theirs", 2, 1000), measured("ours", 2, 2000)],
    ...[measured("ours", 3, 300), measured("theirs", 3, 100)],
  ]);
  assert.deepEqual(
    rows.map(({ server }) => server),
    ["ours", "theirs"],
  );
  const [ours] = rows;
  assert.equal(ours?.cost, 30);
  assert.equal(ours.least, 20);
  assert.equal(ours.times["theirs"], 2);
  assert.equal(ours.failed, 3);
  assert.equal(ours.perSecond, 5);
});

it("has no ratio to who was not measured in the same round", () => {
  const [row] = summarise([measured("ours", 1, 200), measured("theirs", 2, 100)]);
  assert.ok(Number.isNaN(row?.times["theirs"]));
});

it("tells full handshakes and idle memory where they were counted", () => {
  const [row] = summarise([{ ...measured("ours", 1, 200), full: 0.3, idle: 2048 }]);
  assert.equal(row?.full, 0.3);
  assert.equal(row.idle, 2048);
  assert.equal(summarise([measured("ours", 1, 200)])[0]?.full, undefined);
});
