/** `npm run bench`: our gateway beside the peers in one run. A figure never fails it; a server that does not do its work does. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { BenchError } from "./bench-error.ts";
import { stopAllChildren } from "./child.ts";
import { findProgram } from "./find-program.ts";
import { readOptions, usage, type Options } from "./options.ts";
import { runWorkload } from "./run-workload.ts";
import { ours, peers } from "./servers/index.ts";
import { summarise } from "./summarise.ts";
import { budgetLine, table } from "./table.ts";
import { workloads } from "./workloads/index.ts";

const titles = new Map([ours, ...peers].map(({ name, title }) => [name, title]));
const say = (line: string) => process.stdout.write(`${line}\n`);
const tell = (line: string) => process.stderr.write(`${line}\n`);

/** @returns the exit code */
async function run(options: Options, folder: string): Promise<number> {
  if (process.platform !== "linux" || availableParallelism() < 2)
    throw new BenchError(
      "The bench needs Linux and two cores: one for the server under test, one for the load.",
    );
  findProgram("taskset", "util-linux");
  const results = [];
  for (const workload of workloads) {
    const outcome = await runWorkload(workload, options, folder, tell);
    const rows = summarise(outcome.measurements);
    say(
      `\n${workload.title}\n\n${table(workload, rows, titles)}\n\n${budgetLine(workload, rows, ours.name, titles)}`,
    );
    for (const { server, failed } of rows)
      if (failed > 0) say(`${titles.get(server) ?? server}: ${failed} answers or connections failed.`);
    results.push({ workload: workload.name, rows, ...outcome });
  }
  if (options.json !== undefined) {
    const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
    const written = { date: new Date().toISOString(), machine, results };
    writeFileSync(options.json, `${JSON.stringify(written, undefined, 2)}\n`);
  }
  return results.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

const state: { folder?: string; interrupted: boolean } = { interrupted: false };

async function cleanUp(): Promise<void> {
  await stopAllChildren();
  if (state.folder !== undefined) rmSync(state.folder, { recursive: true, force: true });
}

for (const [signal, exitCode] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    state.interrupted = true;
    void cleanUp().then(() => process.exit(exitCode));
  });
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) say(usage);
  else {
    state.folder = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
    process.exitCode = await run(options, state.folder);
  }
} catch (error) {
  if (!state.interrupted) {
    const isExpected = error instanceof BenchError;
    tell(
      isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    process.exitCode = isExpected ? 1 : 70;
  }
} finally {
  if (!state.interrupted) await cleanUp();
}
