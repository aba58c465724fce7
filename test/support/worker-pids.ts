/** The processes that a gateway with several workers has started, in no order. */
import { readFile } from "node:fs/promises";

export async function workerPids(supervisor: number): Promise<number[]> {
  const children = await readFile(`/proc/${supervisor}/task/${supervisor}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}

/** Nobody may have asked yet what became of one that has ended: then it is still listed, without a command. */
export async function isRunning(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command !== "";
}
