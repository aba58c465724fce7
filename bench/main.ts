/** `npm run bench`: our gateway beside the peers in one run. A figure never fails it; a server that does not do its work does. */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { BenchError } from "./bench-error.ts";
import { stopAllChildren } from "./child.ts";
import { findProgram, ProgramMissing } from "./find-program.ts";
import { readOptions, usage, type Options } from "./options.ts";
import type { Result } from "./result.ts";
import { chapter, writeResults } from "./results.ts";
import { runWorkload } from "./run-workload.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const tell = (line: string) => process.stderr.write(`${line}\n`);

/** @returns the exit code */
async function run(options: Options, folder: string): Promise<number> {
  if (process.platform !== "linux" || availableParallelism() < 2)
    throw new BenchError(
      "The bench needs Linux and two cores: one for the server under test, one for the load.",
    );
  findProgram("taskset", "util-linux");
  const versions = options.servers.flatMap((server) => {
    try {
      return [{ server, version: `${server.title} ${server.version()}` }];
    } catch (error) {
      if (!(error instanceof ProgramMissing)) throw error;
      tell(`${error.message} Going on without it.`);
      return [];
    }
  });
  const servers = versions.map(({ server }) => server);
  const results: Result[] = [];
  let areAllWell = true;
  for (const workload of options.workloads) {
    const contestants = workload.contestants(servers);
    if (contestants.length === 0) {
      tell(`${workload.name} is left out. It has nothing for the chosen servers.`);
      continue;
    }
    const { measurements, faults } = await runWorkload(workload, contestants, options, folder, tell);
    areAllWell &&= faults.length === 0;
    const result = { workload, contestants, measurements };
    results.push(result);
    say(`\n${chapter(result)}\n`);
    const texts = versions.map(({ version }) => version);
    writeResults(results, options, texts); // each time: a run that is cut off leaves what it has
  }
  if (results.length > 0)
    tell(`Written: results.md, chart.svg and rounds.json in ${relative("", options.out)}`);
  return areAllWell ? 0 : 1;
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
