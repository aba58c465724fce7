/** Rows -> the table that is printed, and the line that says whether the budget is kept. */
import type { Row } from "./summarise.ts";
import type { Workload } from "./workloads/workload.ts";

/** @param titles server's name -> what it is called */
export function table({ unit }: Workload, rows: readonly Row[], titles: ReadonlyMap<string, string>): string {
  const headings = ["server", `CPU us/${unit}`, "min", `${unit}s/s`, "busy", "x nginx", "x Apache"];
  const cells = rows.map(({ server, cpu, least, perSecond, busy, times }) => [
    titles.get(server) ?? server,
    cpu.toFixed(1),
    least.toFixed(1),
    perSecond.toFixed(0),
    `${(busy * 100).toFixed(0)} %`,
    ratio(times["nginx"]),
    ratio(times["apache"]),
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) => {
    const padded = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => "-".repeat(width - 1) + (column === 0 ? "-" : ":"));
  return [headings, rule, ...cells].map(line).join("\n");
}

/** @param ours the name of the row that the budget is for */
export function budgetLine(
  { budget }: Workload,
  rows: readonly Row[],
  ours: string,
  titles: ReadonlyMap<string, string>,
): string {
  const row = rows.find(({ server }) => server === ours);
  const parts = budget.map(({ peer, factor }) => {
    const times = row?.times[peer];
    const verdict =
      times === undefined ? "not measured" : `${times <= factor ? "met" : "NOT met"} (${ratio(times)})`;
    return `<= ${factor.toFixed(1)}x ${titles.get(peer) ?? peer}: ${verdict}`;
  });
  return `Budget: ${parts.join("; ")}.`;
}

function ratio(times: number | undefined): string {
  return times === undefined || Number.isNaN(times) ? "-" : times.toFixed(2);
}
