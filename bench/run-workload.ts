/** One workload from its first process to its measurements: start, check the policy, measure, stop. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answerFrom } from "./answer-from.ts";
import { BenchError } from "./bench-error.ts";
import { makeCertificates, type Certificates } from "./certificates.ts";
import { startChild, stopAllChildren } from "./child.ts";
import type { Contestant } from "./contestant.ts";
import { loadCore } from "./cores.ts";
import { measureRound, warmUp, type Measurement } from "./measure.ts";
import type { Options } from "./options.ts";
import { checkPolicy } from "./policy-check.ts";
import { startServer, usual, type Running } from "./start-server.ts";
import type { Workload } from "./workloads/workload.ts";

export type Outcome = {
  readonly measurements: readonly Measurement[];
  /** Servers that did not start or do not do the policy, a sentence each. */
  readonly faults: readonly string[];
};

/**
 * @param contestants whose programs are all there
 * @param runFolder the workload gets a new one inside it
 * @param tell told what is going on, a line at a time
 */
export async function runWorkload(
  workload: Workload,
  contestants: readonly Contestant[],
  options: Options,
  runFolder: string,
  tell: (line: string) => void,
): Promise<Outcome> {
  const folder = join(runFolder, workload.name);
  mkdirSync(folder);
  const lengths = new Set(contestants.map(({ settings }) => settings?.revoked ?? usual.revoked));
  const certificates = await makeCertificates(folder, workload.keys, [...lengths]);
  const measurements: Measurement[] = [];
  const faults: string[] = [];
  try {
    const backendPort = await answerFrom<number>(startModule("backend.ts"), "backend");
    const servers = await startServers(contestants, { folder, backendPort, certificates }, (fault) => {
      faults.push(fault);
      tell(fault);
    });
    const generator = startModule("load.ts");
    const plan = { workload, certificates, generator, seconds: options.seconds, tell };
    await warmUp(plan, servers, options.longestWarmUp);
    // Memory that a process has had once it seldom gives back: it is measured once, and differs little from time to time.
    const rounds = workload.resource === "memory" ? 1 : options.rounds;
    for (let round = 1; round <= rounds; round += 1)
      measurements.push(...(await measureRound(plan, servers, round)));
  } finally {
    await stopAllChildren();
  }
  return { measurements, faults };
}

async function startServers(
  contestants: readonly Contestant[],
  site: {
    readonly folder: string;
    readonly backendPort: number;
    readonly certificates: Certificates;
  },
  blame: (fault: string) => void,
): Promise<Running[]> {
  const servers: Running[] = [];
  for (const contestant of contestants) {
    try {
      const running = await startServer(contestant, site);
      const { knowsRevocation } = contestant.server;
      const wrong = await checkPolicy(running.port, site.certificates, knowsRevocation);
      if (wrong.length === 0) servers.push(running);
      else blame(`${contestant.title} does not do what is measured here. ${wrong.join(" ")}`);
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      blame(error.message);
    }
  }
  return servers;
}

function startModule(name: string, ...argv: string[]) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  return startChild(loadCore, [process.execPath, file, ...argv], ["ignore", "inherit", "inherit", "ipc"]);
}
