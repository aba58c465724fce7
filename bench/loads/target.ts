/** Where a load goes. */
import type { Certificates } from "../certificates.ts";

export type Target = {
  readonly port: number;
  readonly certificates: Certificates;
  /** Header lines of a request beside Host and the forged one. */
  readonly headers: number;
};
