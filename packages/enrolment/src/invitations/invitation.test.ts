import assert from "node:assert/strict";
import { it } from "node:test";
import { grace } from "../testing/grace.ts";
import { standingOf, type Invitation } from "./invitation.ts";

const now = new Date("2026-12-01T12:00:00Z");
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);

const cases: readonly (readonly [name: string, given: Partial<Invitation>, standing: string])[] = [
  ["waits", {}, "open"],
  ["its end is not part of it", { endsAt: now }, "ended"],
  ["is withdrawn", { withdrawnAt: minutes(-1) }, "withdrawn"],
  ["is withdrawn, and would have ended", { withdrawnAt: minutes(-1), endsAt: minutes(-1) }, "withdrawn"],
  ["somebody is at it", { claimedAt: minutes(-1) }, "begun"],
  ["somebody began before its end", { claimedAt: minutes(-1), endsAt: now }, "begun"],
  ["nobody says how it went", { claimedAt: minutes(-3) }, "interrupted"],
  ["has its certificate", { claimedAt: minutes(-3), serialNumber: "0A" }, "used"],
];
for (const [name, given, standing] of cases) {
  it(`${name}: ${standing}`, () => {
    const whole = { ...grace, number: "X", salt: "s", madeAt: minutes(-9), endsAt: minutes(9), ...given };
    assert.equal(standingOf(whole, now), standing);
  });
}
