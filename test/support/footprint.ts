/** What a process takes of the machine. Linux tells; elsewhere there is nothing to compare. */
import { readdirSync, readFileSync } from "node:fs";

export type Footprint = {
  readonly descriptors: number;
  /** Octets of memory in use (RSS). */
  readonly memory: number;
};

export function footprintOf(pid: number): Footprint {
  const [, kibibytes = "0"] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, memory: Number(kibibytes) * 1024 };
}
