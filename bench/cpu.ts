/** CPU time of a process and everything it has started, from /proc (proc(5)). */
import { readdirSync, readFileSync } from "node:fs";

/** Linux gives these times in ticks of 10 ms on every architecture that Node runs on (USER_HZ). */
const microsecondsPerTick = 10_000;

/** The fields of /proc/PID/stat behind the name, which may itself hold blanks and parentheses; `undefined` if it is gone. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** The process itself and all its descendants that are alive now. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : undefined;
    if (stat) parents.set(Number(entry), Number(stat[1]));
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** User and system time in microseconds, that of children which have ended included. */
export function cpuTime(pids: readonly number[]): number {
  const ticks = pids.flatMap((pid) => statOf(pid)?.slice(11, 15).map(Number) ?? []);
  return ticks.reduce((sum, each) => sum + each, 0) * microsecondsPerTick;
}
