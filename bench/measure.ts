/** Rounds: each measures every server once, every second one in reverse order, so that a slow minute hits all alike. */
import type { ChildProcess } from "node:child_process";
import { answerFrom } from "./answer-from.ts";
import type { Certificates } from "./certificates.ts";
import type { Order, Sample } from "./load.ts";
import type { Running } from "./start-server.ts";
import type { Workload } from "./workloads/workload.ts";

export type Measurement = Sample & { readonly server: string; readonly round: number };

export type Plan = {
  readonly workload: Workload;
  readonly servers: readonly Running[];
  readonly certificates: Certificates;
  readonly generator: ChildProcess;
  readonly rounds: number;
  readonly seconds: number;
  readonly longestWarmUp: number;
  /** Told what is going on, a line at a time. */
  readonly tell: (line: string) => void;
};

export async function measure(plan: Plan): Promise<Measurement[]> {
  const { workload, servers, certificates, generator, rounds, seconds, longestWarmUp, tell } = plan;
  const sample = async ({ port, pid }: Running, duration: number): Promise<Sample> => {
    const target = { port, certificates };
    const order: Order = { workload: workload.name, target, pid, seconds: duration };
    generator.send(order);
    return answerFrom<Sample>(generator, "load generator");
  };
  for (const running of servers) {
    const duration = Math.min(running.server.warmUp, longestWarmUp);
    tell(`${running.server.title}: ${duration} s of warm-up`);
    await sample(running, duration);
  }
  const measurements: Measurement[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const running of round % 2 === 1 ? servers : servers.toReversed()) {
      const result = await sample(running, seconds);
      measurements.push({ server: running.server.name, round, ...result });
      const cost = (result.cpu / result.done).toFixed(1);
      tell(`round ${round} of ${rounds}: ${running.server.title}, ${cost} us of CPU per ${workload.unit}`);
    }
  }
  return measurements;
}
