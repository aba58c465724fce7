import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzAnswers } from "../support/fuzz/answers.ts";

test("no mutation of an answer becomes another, nor breaks anything", { timeout: 60_000 }, async (t) => {
  const { sent, passed, refused, problems } = await fuzzAnswers(t, { seed: 9112, milliseconds: 2_000 });
  t.diagnostic(`${sent} sent, ${passed} passed on, ${refused} refused or cut`);
  assert.deepEqual(problems, []);
  assert.ok(sent > 20 && passed > 5 && refused > 5, `${sent} sent, ${passed} passed on, ${refused} refused`);
});
