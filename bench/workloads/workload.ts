/** What is measured, and against what. A new workload is a file beside this one and a line in index.ts. */
import type { KeyAlgorithm } from "../../certs/src/index.ts";
import type { Contestant } from "../contestant.ts";
import type { Load } from "../loads/load.ts";
import { own } from "../servers/index.ts";
import type { Server } from "../servers/server.ts";

/** What the named contestant may cost at most: a multiple of what another one does, or so much. */
export type Budget = {
  readonly contestant: string;
  readonly most: number;
  readonly peer?: string;
};

/** The same for our gateway as it is shipped and with the fast path. */
export function oursMayCost(most: number, peer?: string): readonly Budget[] {
  return own.map(({ name }) => ({ contestant: name, most, ...(peer && { peer }) }));
}

export type Workload = {
  /** The word for `--workloads`. */
  readonly name: string;
  readonly title: string;
  /** What is counted, in the singular. */
  readonly unit: string;
  /** Microseconds of the servers' CPU time per unit, or KiB of their memory. */
  readonly resource: "cpu" | "memory";
  /** Of every certificate. */
  readonly keys: KeyAlgorithm;
  /** @returns the rows; none where the chosen servers have nothing to do with it */
  readonly contestants: (servers: readonly Server[]) => Contestant[];
  /** Names of contestants that the table's ratios are taken to. */
  readonly beside: readonly string[];
  readonly budget: readonly Budget[];
  readonly load: Load;
  /** Seconds of it before a server that compiles itself is measured; unless given, no server is warmed up. */
  readonly warmUp?: number;
  /** Seconds in which nothing happens before memory is read, where that is more than a measurement takes otherwise. */
  readonly rest?: number;
};
