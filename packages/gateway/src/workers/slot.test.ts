import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptySlot, vacate } from "./slot.ts";

describe("the place of a worker", () => {
  it("is filled again at once, and later and later when each that comes ends soon", () => {
    const slot = emptySlot(1);
    const pauses = Array.from({ length: 12 }, () => vacate(slot, slot.startedAt + 1_000));
    assert.deepEqual(pauses.slice(0, 4), [100, 200, 400, 800]);
    assert.equal(pauses.at(-1), 30_000);
    assert.equal(vacate(slot, slot.startedAt + 60_000), 100, "who has lived long is replaced at once");
  });
});
