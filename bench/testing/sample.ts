/** A workload and rows for tests of what is printed. */
import type { Row } from "../summarise.ts";
import type { Workload } from "../workloads/workload.ts";

export const sampleWorkload: Workload = {
  name: "sample",
  title: "Sample: nothing that runs",
  unit: "request",
  resource: "cpu",
  keys: "ec-p256",
  contestants: () => [],
  beside: ["theirs", "absent"],
  budget: [],
  load: () => () => undefined,
};

export const sampleRow: Row = {
  server: "ours",
  cost: 60,
  least: 51.25,
  perSecond: 12_345.6,
  p50: 1.25,
  p99: 20,
  busy: 0.95,
  failed: 0,
  times: { ours: 1, theirs: 1.5 },
};

export const theirRow: Row = { ...sampleRow, server: "theirs", cost: 40, times: { ours: 0.67, theirs: 1 } };
export const sampleTitles: ReadonlyMap<string, string> = new Map([
  ["ours", "Ours"],
  ["theirs", "Theirs"],
]);
