/** The workloads, in the order in which they run. */
import { keepAlive } from "./keep-alive.ts";
import type { Workload } from "./workload.ts";

export const workloads: readonly Workload[] = [keepAlive];
