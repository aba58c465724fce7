/** Child processes on a core of their own, every one of them ended before the bench ends. */
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { processTree } from "./cpu.ts";

const running = new Set<ChildProcess>();
const patience = 3_000;

// Whatever ends the bench, even in the middle of a start: nothing that it started stays behind.
process.on("exit", () => {
  for (const { pid } of running) if (pid !== undefined) processTree(pid).forEach(tryToKill);
});

/** @param cores as taskset takes them */
export function startChild(cores: string, command: readonly string[], stdio: StdioOptions): ChildProcess {
  // taskset turns into the command: the process id is the command's own
  const child = spawn("taskset", ["-c", cores, ...command], { stdio });
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

/** Asks a child to end, and ends it with all it started when it does not. */
async function stopChild(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  const tree = processTree(pid);
  const force = setTimeout(() => {
    for (const each of tree) tryToKill(each);
  }, patience);
  child.kill("SIGTERM");
  await closed;
  clearTimeout(force);
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it had ended in the meantime
  }
}

export async function stopAllChildren(): Promise<void> {
  await Promise.all([...running].map(stopChild));
}
