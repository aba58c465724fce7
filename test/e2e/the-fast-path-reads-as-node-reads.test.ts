/**
 * What the fast path takes for an ordinary request is one to Node's parser too: the same one, which ends at the same octet. What it
 * does not take is that parser's anyway. `npm run fuzz` asks as long as wanted.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeHeads, neighbours, randomHeads } from "../support/fuzz/heads.ts";
import { randomOf } from "../support/fuzz/random.ts";

void test("every head that is one octet away from an ordinary one is read as Node reads it, or left", async (t) => {
  const around = "GET /a?b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-A: b\r\n\r\n";
  const { made, taken, problems } = await judgeHeads(neighbours(around));
  t.diagnostic(`${taken} taken of ${made}`);
  assert.deepEqual(problems, []);
  assert.ok(taken > made / 5 && taken < made / 2);
});

void test("and so are heads that were made by chance", async (t) => {
  function* some(count: number): Generator<string> {
    const heads = randomHeads(randomOf(9112));
    for (let left = count; left > 0; left -= 1) yield heads.next().value;
  }
  const { made, taken, problems } = await judgeHeads(some(60_000));
  t.diagnostic(`${taken} taken of ${made}`);
  assert.deepEqual(problems, []);
  assert.ok(taken > made / 6 && taken < made / 2);
});
