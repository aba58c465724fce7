/** Rounds: each measures every contestant once, every second one in reverse order, so that a slow minute hits all alike. */
import type { ChildProcess } from "node:child_process";
import { answerFrom } from "./answer-from.ts";
import type { Certificates } from "./certificates.ts";
import type { Order, Sample } from "./load.ts";
import type { Running } from "./start-server.ts";
import type { Workload } from "./workloads/workload.ts";

export type Measurement = Sample & {
  /** The contestant's name. */
  readonly server: string;
  readonly round: number;
};

export type Plan = {
  readonly workload: Workload;
  readonly certificates: Certificates;
  readonly generator: ChildProcess;
  readonly seconds: number;
  /** Told what is going on, a line at a time. */
  readonly tell: (line: string) => void;
};

const usualHeaders = 5;

async function sample(plan: Plan, { port, pid, contestant }: Running, seconds: number): Promise<Sample> {
  const { workload, certificates, generator } = plan;
  const target = { port, certificates, headers: contestant.headers ?? usualHeaders };
  const order: Order = { workload: workload.name, target, pid, seconds };
  generator.send(order);
  return answerFrom<Sample>(generator, "load generator");
}

/** Seconds for programs whose machine code is there from the start. */
const nativeWarmUp = 1;

export async function warmUp(plan: Plan, servers: readonly Running[], longest: number): Promise<void> {
  const { warmUp: compiling } = plan.workload;
  if (compiling === undefined) return;
  for (const running of servers) {
    const { server, title } = running.contestant;
    const duration = Math.min(server.compilesItself ? compiling : nativeWarmUp, longest);
    plan.tell(`${title}: ${duration} s of warm-up`);
    await sample(plan, running, duration);
  }
}

export async function measureRound(
  plan: Plan,
  servers: readonly Running[],
  round: number,
): Promise<Measurement[]> {
  const { workload, tell } = plan;
  const seconds = Math.max(plan.seconds, workload.rest ?? 0);
  const measurements: Measurement[] = [];
  for (const running of round % 2 === 1 ? servers : servers.toReversed()) {
    const { name, title } = running.contestant;
    const result = await sample(plan, running, seconds);
    if (result.done === 0) {
      tell(
        `${workload.name}, round ${round}: ${title} did not get one ${workload.unit} done; this does not count.`,
      );
      continue;
    }
    measurements.push({ server: name, round, ...result });
    const cost = (result.spent / result.done).toFixed(1);
    const what = workload.resource === "cpu" ? "us of CPU" : "KiB";
    tell(`${workload.name}, round ${round}: ${title}, ${cost} ${what} per ${workload.unit}`);
  }
  return measurements;
}
