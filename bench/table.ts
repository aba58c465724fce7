/** Rows -> the table that is printed. */
import { layOut } from "./lay-out.ts";
import { ratio } from "./ratio.ts";
import type { Row } from "./summarise.ts";
import type { Workload } from "./workloads/workload.ts";

type Column = { readonly heading: string; readonly cell: (row: Row) => string };

const percent = (part: number) => `${(part * 100).toFixed(0)} %`;

/** @param titles contestant's name -> what it is called */
export function table(workload: Workload, rows: readonly Row[], titles: ReadonlyMap<string, string>): string {
  const { unit, resource, beside } = workload;
  const isCpu = resource === "cpu";
  const hasHandshakes = rows.some(({ full }) => full !== undefined);
  const measured = beside.filter((name) => rows.some(({ server }) => server === name));
  const columns: Column[] = [
    { heading: "server", cell: ({ server }) => titles.get(server) ?? server },
    { heading: isCpu ? `CPU us/${unit}` : `KiB/${unit}`, cell: ({ cost }) => cost.toFixed(1) },
    { heading: "min", cell: ({ least }) => least.toFixed(1) },
    ...(isCpu
      ? speed(unit)
      : [{ heading: "idle MiB", cell: ({ idle = NaN }: Row) => (idle / 1024).toFixed(1) }]),
    ...(hasHandshakes ? [{ heading: "full", cell: ({ full = NaN }: Row) => percent(full) }] : []),
    ...measured.map((name) => ({
      heading: `x ${titles.get(name) ?? name}`,
      cell: ({ times }: Row) => ratio(times[name]),
    })),
  ];
  return layOut([
    columns.map(({ heading }) => heading),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ]);
}

function speed(unit: string): Column[] {
  return [
    { heading: `${unit}s/s`, cell: ({ perSecond }) => perSecond.toFixed(0) },
    { heading: "p50 ms", cell: ({ p50 }) => p50.toFixed(1) },
    { heading: "p99 ms", cell: ({ p99 }) => p99.toFixed(1) },
    { heading: "busy", cell: ({ busy }) => percent(busy) },
  ];
}
