import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Standing } from "./standing.ts";

function failing(times: number, now: number, standing = new Standing()): Standing {
  for (let count = 0; count < times; count += 1) standing.failed(now);
  return standing;
}

describe("Standing", () => {
  it("goes out with the third failure in turn, and not before", () => {
    const standing = failing(2, 0);
    assert.equal(standing.isIn(0), true);
    assert.equal(standing.failed(0), true, "this is the one that counts");
    assert.equal(standing.isIn(0), false);
  });

  it("forgets failures with the first success", () => {
    const standing = failing(2, 0);
    assert.equal(standing.succeeded(), false, "it was never out");
    failing(2, 0, standing);
    assert.equal(standing.isIn(0), true);
  });

  it("is back after a second for one request; that one decides", () => {
    const standing = failing(3, 0);
    assert.equal(standing.isIn(999), false);
    assert.equal(standing.isIn(1_000), true);
    standing.chosen(1_000);
    assert.equal(standing.isIn(1_001), false, "a second request while the first is out");
    assert.equal(standing.succeeded(), true);
    assert.equal(standing.isIn(1_002), true);
  });

  it("stays out twice as long each time, up to half a minute", () => {
    const standing = failing(3, 0);
    let now = 0;
    for (const expected of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      assert.equal(standing.isIn(now + expected - 1), false, `${expected} ms`);
      now += expected;
      assert.equal(standing.isIn(now), true, `${expected} ms`);
      standing.chosen(now);
      assert.equal(standing.failed(now), false, "it was out before");
    }
  });

  it("counts one of many failures at the same time", () => {
    const standing = failing(100, 0);
    assert.equal(standing.isIn(1_000), true);
  });

  it("may be tried twice a second when everybody is out, unless the health checks are against it", () => {
    const standing = failing(3, 0);
    assert.equal(standing.mayBeTried(10), true);
    standing.chosen(10);
    assert.equal(standing.mayBeTried(509), false);
    assert.equal(standing.mayBeTried(510), true);
    standing.healthy = false;
    assert.deepEqual([standing.mayBeTried(510), standing.isIn(1e9)], [false, false]);
  });

  it("a request that was chosen and is heard of no more does not keep it out", () => {
    const standing = failing(3, 0);
    standing.chosen(1_000);
    assert.equal(standing.isIn(2_000), true);
  });
});
