import assert from "node:assert/strict";
import { it } from "node:test";
import { printDaysLeft, printTime } from "./time-text.ts";

const times: Record<string, number> = {
  "Feb  5 10:25:28 2016 GMT": Date.UTC(2016, 1, 5, 10, 25, 28),
  "Dec 31 23:59:59 9999 GMT": Date.UTC(9999, 11, 31, 23, 59, 59),
  "Jan  1 00:00:00 1950 GMT": Date.UTC(1950, 0, 1),
  "Oct 10 00:00:00 900 GMT": Date.UTC(900, 9, 10),
};
for (const [text, instant] of Object.entries(times)) {
  it(`prints ${text}`, () => {
    assert.equal(printTime(instant), text);
  });
}

it("counts whole days, and none when they are over", () => {
  const end = Date.UTC(2026, 5, 10);
  const day = 86_400_000;
  assert.deepEqual(
    [end - 2 * day, end - 2 * day + 1000, end - day, end - 1000, end, end + 1000, end + 9 * day].map((now) =>
      printDaysLeft(end, now),
    ),
    ["2", "1", "1", "0", "0", "0", "0"],
  );
});
