/** Whether the budget of a workload is kept, in a line. */
import type { Row } from "./summarise.ts";
import type { Workload } from "./workloads/workload.ts";

/** @param titles contestant's name -> what it is called */
export function budgetLine(
  { budget, resource }: Workload,
  rows: readonly Row[],
  titles: ReadonlyMap<string, string>,
): string {
  const several = new Set(budget.map(({ contestant }) => contestant)).size > 1;
  const parts = budget.map(({ contestant, most, peer }) => {
    const row = rows.find(({ server }) => server === contestant);
    const found = peer === undefined ? row?.cost : row?.times[peer];
    const limit =
      peer === undefined
        ? `<= ${most} ${resource === "cpu" ? "us" : "KiB"}`
        : `<= ${most.toFixed(2)}x ${titles.get(peer) ?? peer}`;
    const verdict =
      found === undefined || Number.isNaN(found)
        ? "not measured"
        : `${found <= most ? "met" : "NOT met"} (${found.toFixed(peer === undefined ? 1 : 2)})`;
    return `${several ? `${titles.get(contestant) ?? contestant} ` : ""}${limit}: ${verdict}`;
  });
  return `Budget: ${parts.join("; ")}.`;
}
