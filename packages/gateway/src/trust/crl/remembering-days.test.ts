import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readTime } from "@sallyport/identity";
import { rememberingDays } from "./remembering-days.ts";

const element = (tag: number, text: string) => {
  const content = Buffer.from(text, "latin1");
  return { tag, content, encoded: content };
};
const outcome = (read: () => number) => {
  try {
    return read();
  } catch {
    return "refused";
  }
};

describe("rememberingDays", () => {
  it("reads what readTime reads, and refuses what it refuses", () => {
    const read = rememberingDays();
    const digit = fc.integer({ min: 0, max: 9 }).map(String);
    const digits = fc.string({ unit: digit, minLength: 12, maxLength: 14 });
    const day = fc.date({ min: new Date("1950-01-01"), max: new Date("2049-12-31"), noInvalidDate: true });
    const sound = day.map((date) => date.toISOString().replace(/[-:T]|\..*/g, "").slice(2)); // prettier-ignore
    const text = fc.oneof(
      digits.map((some) => `${some}Z`),
      sound.map((some) => `${some}Z`),
      sound.map((some) => `20${some}Z`),
      fc.string({ maxLength: 16 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(0x17, 0x18, 0x04), text, (tag, written) => {
        const time = element(tag, written);
        assert.equal(outcome(() => read(time)), outcome(() => readTime(time))); // prettier-ignore
      }),
      { numRuns: 5000 },
    );
  });

  it("mixes no two days up, not even of different kinds", () => {
    const read = rememberingDays();
    const times = ["260102030405Z", "260103030405Z", "260102235959Z", "20260102030405Z", "261302030405Z", "260102240000Z", "260102006000Z", "260102000060Z", "260102000000X", "260102 10000Z"]; // prettier-ignore
    for (const text of [...times, ...times]) {
      for (const tag of [0x17, 0x18]) {
        const time = element(tag, text);
        assert.equal(outcome(() => read(time)), outcome(() => readTime(time)), text); // prettier-ignore
      }
    }
  });
});
