/** What came out of one workload. */
import type { Contestant } from "./contestant.ts";
import type { Measurement } from "./measure.ts";
import type { Workload } from "./workloads/workload.ts";

export type Result = {
  readonly workload: Workload;
  readonly contestants: readonly Contestant[];
  readonly measurements: readonly Measurement[];
};
