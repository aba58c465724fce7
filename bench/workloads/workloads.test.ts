import assert from "node:assert/strict";
import { it } from "node:test";
import { workloads } from "./index.ts";
import { servers } from "../servers/index.ts";

it("has rows with names of their own, which ratios and budgets speak of", () => {
  for (const { name: workload, contestants, beside, budget } of workloads) {
    const rows = contestants(servers).map(({ name }) => name);
    assert.equal(new Set(rows).size, rows.length, workload);
    const spokenOf = [
      ...beside,
      ...budget.flatMap(({ contestant, peer = contestant }) => [contestant, peer]),
    ];
    assert.deepEqual(
      spokenOf.filter((name) => !rows.includes(name)),
      [],
      workload,
    );
  }
});
