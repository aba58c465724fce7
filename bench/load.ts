/** The load generator, a process of its own: takes an Order, drives the workload, and answers with a Sample. */
import { setTimeout as sleep } from "node:timers/promises";
import { cpuTime, processTree } from "./cpu.ts";
import type { Target } from "./loads/target.ts";
import { memoryOf } from "./memory.ts";
import { createTally, type Counts } from "./tally.ts";
import { workloads } from "./workloads/index.ts";

export type Order = {
  readonly workload: string;
  readonly target: Target;
  /** The server's process, whose share of the machine and that of its children is read. */
  readonly pid: number;
  readonly seconds: number;
};

export type Sample = Counts & {
  /** By the server, for what was done: microseconds of CPU time, or KiB of memory. */
  readonly spent: number;
  readonly seconds: number;
  /** KiB of the server's memory before, where that is what is measured. */
  readonly idle?: number;
};

/** From the first answer on: connections that stay are all open by then. */
const settling = 300;
/** For the first answer of all. */
const patience = 10_000;

/** Where so long no connection is added, all are open. */
const opening = 1000;

async function take({ workload: name, target, pid, seconds }: Order): Promise<Sample> {
  const workload = workloads.find((each) => each.name === name);
  if (!workload) throw new Error(`no workload ${name}`);
  const tally = createTally();
  const tree = processTree(pid);
  const read = workload.resource === "cpu" ? readCpu : readMemory;
  return read(tree, tally, () => workload.load(target, tally), seconds);
}

type Reading = (
  tree: readonly number[],
  tally: ReturnType<typeof createTally>,
  start: () => () => void,
  seconds: number,
) => Promise<Sample>;

const readCpu: Reading = async (tree, tally, start, seconds) => {
  const stop = start();
  const deadline = performance.now() + patience;
  do await sleep(settling);
  while (tally.counts().done === 0 && performance.now() < deadline);
  // Counts and CPU time are read in one go, in the process that counts: nothing can come between them.
  tally.clear();
  const [cpu, at] = [cpuTime(tree), performance.now()];
  await sleep(seconds * 1000);
  const spent = cpuTime(tree) - cpu;
  const sample = { ...tally.counts(), spent, seconds: (performance.now() - at) / 1000 };
  stop();
  return sample;
};

const readMemory: Reading = async (tree, tally, start, seconds) => {
  const idle = memoryOf(tree);
  const stop = start();
  let done: number;
  do {
    ({ done } = tally.counts());
    await sleep(opening);
  } while (tally.counts().done > done);
  await sleep(seconds * 1000);
  const sample = { ...tally.counts(), spent: memoryOf(tree) - idle, seconds, idle };
  stop();
  return sample;
};

process.on("message", (order: Order) => {
  void take(order).then((sample) => process.send?.(sample));
});
process.on("disconnect", () => process.exit(0));
