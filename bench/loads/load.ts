/** A load: what is asked of a server again and again until it is stopped. Runs in the load generator's process. */
import type { Tally } from "../tally.ts";
import type { Target } from "./target.ts";

/** @returns what stops it */
export type Load = (target: Target, tally: Tally) => () => void;
