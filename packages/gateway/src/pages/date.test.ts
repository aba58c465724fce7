import assert from "node:assert/strict";
import { it } from "node:test";
import { longDate, longTime, timeElement } from "./date.ts";

it("dates are written out in words and in UTC, whatever zone the machine is in", () => {
  const lastMinutes = Date.UTC(2026, 11, 31, 23, 59, 59);
  assert.equal(longDate(lastMinutes), "31 December 2026");
  assert.equal(longTime(lastMinutes), "31 December 2026, 23:59 UTC");
  assert.equal(timeElement(0), '<time datetime="1970-01-01T00:00:00.000Z">1 January 1970</time>');
  assert.equal(timeElement(0, longTime(0)), '<time datetime="1970-01-01T00:00:00.000Z">1 January 1970, 00:00 UTC</time>'); // prettier-ignore
});
