import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz } from "../support/fuzz/run.ts";

for (const fastPath of [false, true])
  test(
    `no mutation of a request becomes somebody else, nor breaks anything${fastPath ? ", on the fast path" : ""}`,
    { timeout: 60_000 },
    async (t) => {
      const { sent, arrived, refused, problems } = await fuzz(t, {
        seed: 9110,
        fastPath,
        milliseconds: 4_000,
      });
      t.diagnostic(`${sent} sent, ${arrived} arrived at the backend, ${refused} answers of 400 and more`);
      assert.deepEqual(problems, []);
      assert.ok(
        sent > 200 && arrived > 50 && refused > 50,
        `${sent} sent, ${arrived} arrived, ${refused} refused`,
      );
    },
  );
