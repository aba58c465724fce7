import assert from "node:assert/strict";
import { it } from "node:test";
import { createTally } from "./tally.ts";

it("tells latencies within a few per cent", () => {
  const tally = createTally();
  for (let each = 1; each <= 100; each += 1) tally.answered(performance.now() - each * 10);
  const { p50, p99 } = tally.counts();
  assert.ok(p50 > 450 && p50 < 550, `the middle of 10 to 1000 ms is ${p50}`);
  assert.ok(p99 > 900 && p99 < 1100, `nearly all of 10 to 1000 ms is ${p99}`);
});

it("tells the part of the handshakes that were full, if there were any", () => {
  const tally = createTally();
  assert.equal(tally.counts().full, undefined);
  for (const resumed of [true, true, false, true]) tally.shookHands(resumed);
  assert.equal(tally.counts().full, 0.25);
});

it("begins anew and forgets no failure", () => {
  const tally = createTally();
  tally.done(2);
  tally.failed();
  tally.clear();
  tally.done(0.5);
  assert.equal(tally.counts().done, 0.5);
  assert.equal(tally.counts().failed, 1);
});
