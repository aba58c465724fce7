/** How long a process wanted to run and had no core, in microseconds: its event loop's thread alone (/proc/PID/schedstat). */
import { readFileSync } from "node:fs";

export function waitingTime(pid: number): number {
  const [, nanoseconds = "0"] = readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ");
  return Number(nanoseconds) / 1_000;
}
