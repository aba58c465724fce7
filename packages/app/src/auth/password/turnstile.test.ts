import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { openPasswords } from "./passwords.ts";
import { LineFullError, openTurnstile } from "./turnstile.ts";

it("so many at a time, the others in the order in which they came", async () => {
  const inTurn = openTurnstile({ parallel: 2, waiting: 10 });
  const begun: number[] = [];
  let now = 0;
  let most = 0;
  const work = (at: number) =>
    inTurn(async () => {
      begun.push(at);
      now += 1;
      most = Math.max(most, now);
      await setImmediate();
      now -= 1;
      return at * 2;
    });
  const all = [0, 1, 2, 3, 4, 5, 6];
  assert.deepEqual(await Promise.all(all.map(work)), [0, 2, 4, 6, 8, 10, 12]);
  assert.deepEqual([begun, most], [all, 2]);
});

it("beyond the line they are turned away at once, and who is in it is still served", async () => {
  const inTurn = openTurnstile({ parallel: 1, waiting: 1 });
  const first = inTurn(() => setImmediate("first"));
  const second = inTurn(() => setImmediate("second"));
  const full = { code: "passwords-busy", status: 503, retryAfter: 2 };
  await assert.rejects(
    inTurn(() => setImmediate("third")),
    full,
  );
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
  assert.equal(await inTurn(() => setImmediate("fourth")), "fourth");
});

it("work that fails gives its place back", async () => {
  const inTurn = openTurnstile({ parallel: 1, waiting: 0 });
  for (let turn = 0; turn < 3; turn += 1) {
    await assert.rejects(
      inTurn(() => Promise.reject(new Error("failed"))),
      /^Error: failed$/,
    );
  }
  assert.equal(await inTurn(() => Promise.resolve("in")), "in");
});

it("a crowd of logins is bounded", async () => {
  const passwords = openPasswords({ parallel: 1, waiting: 2, cost: { memory: 64, passes: 1 } });
  const crowd = await Promise.allSettled(Array.from({ length: 8 }, () => passwords.dummy("a password")));
  const turnedAway = crowd.filter(
    (outcome) => outcome.status === "rejected" && outcome.reason instanceof LineFullError,
  );
  assert.equal(turnedAway.length, 5);
});
