/** What is asked of the servers. A new workload is a file beside this one and a line in index.ts. */
import type { Certificates } from "../certificates.ts";

export type Target = { readonly port: number; readonly certificates: Certificates };

export type Load = {
  /** Since the start: units done, and answers or connections that were not what they should be. */
  readonly count: () => { readonly done: number; readonly failed: number };
  readonly stop: () => void;
};

export type Workload = {
  readonly name: string;
  readonly title: string;
  /** What is counted, in the singular. */
  readonly unit: string;
  /** Octets of the backend's answer. */
  readonly answerSize: number;
  /** What our gateway may cost at most, as multiples of the named peer's CPU time for the same. */
  readonly budget: readonly { readonly peer: string; readonly factor: number }[];
  /** Called in the load generator's process. */
  readonly drive: (target: Target) => Load;
};
