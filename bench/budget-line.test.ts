import assert from "node:assert/strict";
import { it } from "node:test";
import { budgetLine } from "./budget-line.ts";
import { sampleRow, sampleTitles, sampleWorkload, theirRow } from "./testing/sample.ts";

it("says of each limit whether it is kept, and by how much", () => {
  const budget = [
    { contestant: "ours", most: 1.5, peer: "theirs" },
    { contestant: "ours", most: 1.4, peer: "theirs" },
    { contestant: "ours", most: 0.6, peer: "absent" },
  ];
  assert.equal(
    budgetLine({ ...sampleWorkload, budget }, [sampleRow, theirRow], sampleTitles),
    "Budget: <= 1.50x Theirs: met (1.50); <= 1.40x Theirs: NOT met (1.50); <= 0.60x absent: not measured.",
  );
});

it("knows limits that compare with nobody, and limits of several", () => {
  const budget = [
    { contestant: "ours", most: 50 },
    { contestant: "theirs", most: 50 },
  ];
  assert.equal(
    budgetLine({ ...sampleWorkload, budget, resource: "memory" }, [sampleRow, theirRow], sampleTitles),
    "Budget: Ours <= 50 KiB: NOT met (60.0); Theirs <= 50 KiB: met (40.0).",
  );
});
