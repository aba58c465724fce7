/** Memory of processes, from /proc (proc(5)). */
import { readFileSync } from "node:fs";

/** @returns KiB; what processes share is counted once among them (PSS) */
export function memoryOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + proportional(pid), 0);
}

function proportional(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0; // it has ended
  }
}
