/** One workload from its first process to its rows: start, check the policy, measure, stop. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answerFrom } from "./answer-from.ts";
import { BenchError } from "./bench-error.ts";
import { makeCertificates } from "./certificates.ts";
import { startChild, stopAllChildren } from "./child.ts";
import { loadCore } from "./cores.ts";
import { ProgramMissing } from "./find-program.ts";
import { measure, type Measurement } from "./measure.ts";
import type { Options } from "./options.ts";
import { checkPolicy } from "./policy-check.ts";
import { ours } from "./servers/index.ts";
import { startServer, type Running } from "./start-server.ts";
import type { Workload } from "./workloads/workload.ts";

export type Outcome = {
  readonly measurements: readonly Measurement[];
  /** Servers that did not start or do not do the policy, a sentence each. A peer that is not installed is no fault. */
  readonly faults: readonly string[];
};

/**
 * @param runFolder the workload gets a new one inside it
 * @param tell told what is going on, a line at a time
 */
export async function runWorkload(
  workload: Workload,
  options: Options,
  runFolder: string,
  tell: (line: string) => void,
): Promise<Outcome> {
  const folder = join(runFolder, workload.name);
  mkdirSync(folder);
  try {
    const certificates = await makeCertificates(folder);
    const backend = startModule("backend.ts", String(workload.answerSize));
    const backendPort = await answerFrom<number>(backend, "backend");
    const generator = startModule("load.ts");
    const faults: string[] = [];
    const servers: Running[] = [];
    for (const server of [ours, ...options.peers]) {
      try {
        const running = await startServer(server, { folder, backendPort, certificates });
        const wrong = await checkPolicy({ port: running.port, certificates });
        if (wrong.length === 0) servers.push(running);
        else faults.push(`${server.title} does not do what is measured here. ${wrong.join(" ")}`);
      } catch (error) {
        if (error instanceof ProgramMissing) tell(`${error.message} Going on without it.`);
        else if (error instanceof BenchError) faults.push(error.message);
        else throw error;
      }
    }
    faults.forEach(tell);
    const measurements = await measure({ ...options, workload, servers, certificates, generator, tell });
    return { measurements, faults };
  } finally {
    await stopAllChildren();
  }
}

function startModule(name: string, ...argv: string[]) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  return startChild(loadCore, [process.execPath, file, ...argv], ["ignore", "inherit", "inherit", "ipc"]);
}
