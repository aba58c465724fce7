/** The processes that a gateway with several workers has started, in no order. */
import { readFile } from "node:fs/promises";

export async function workerPids(supervisor: number): Promise<number[]> {
  const children = await readFile(`/proc/${supervisor}/task/${supervisor}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}
