/** The load generator, a process of its own: takes an Order, drives the workload, and answers with a Sample. */
import { setTimeout as sleep } from "node:timers/promises";
import { cpuTime, processTree } from "./cpu.ts";
import { workloads } from "./workloads/index.ts";
import type { Target } from "./workloads/workload.ts";

export type Order = {
  readonly workload: string;
  readonly target: Target;
  /** The server's process, whose CPU time and that of its children is read. */
  readonly pid: number;
  readonly seconds: number;
};

export type Sample = {
  readonly done: number;
  readonly failed: number;
  /** CPU time of the server, microseconds. */
  readonly cpu: number;
  readonly seconds: number;
};

/** New connections and their handshakes are over by then. */
const settling = 300;

async function take({ workload: name, target, pid, seconds }: Order): Promise<Sample> {
  const workload = workloads.find((each) => each.name === name);
  if (!workload) throw new Error(`no workload ${name}`);
  const load = workload.drive(target);
  await sleep(settling);
  const tree = processTree(pid);
  // Count and CPU time are read in one go, in the process that counts: nothing can come between them.
  const reading = () => ({ ...load.count(), cpu: cpuTime(tree), at: performance.now() });
  const before = reading();
  await sleep(seconds * 1000);
  const after = reading();
  load.stop();
  return {
    done: after.done - before.done,
    failed: after.failed,
    cpu: after.cpu - before.cpu,
    seconds: (after.at - before.at) / 1000,
  };
}

process.on("message", (order: Order) => {
  void take(order).then((sample) => process.send?.(sample));
});
process.on("disconnect", () => process.exit(0));
