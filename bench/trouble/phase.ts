/** What is done to the gateway while honest clients go on asking, and what they noticed of it. */
import type { Footprint } from "../../test/support/footprint.ts";
import type { Measured } from "./honest-load.ts";

export type Phase = {
  readonly name: string;
  /** Begins the trouble. */
  readonly begin: () => Promise<Ongoing>;
};

export type Ongoing = {
  /** What was done so far, in a few words; read at the end. */
  readonly told: () => string;
  /** Resolves when there is no point in going on, at once where it could go on for ever. */
  readonly over: Promise<unknown>;
  readonly stop: () => Promise<void>;
};

export type Outcome = {
  readonly name: string;
  readonly told: string;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly served: number;
  readonly failures: readonly string[];
  /** The share of one core that the gateway took. */
  readonly busy: number;
  /** The share of the time that it could have gone on and had no core. */
  readonly waited: number;
  /** The largest of what was seen meanwhile. */
  readonly footprint: Footprint;
};

export function outcomeOf(
  name: string,
  told: string,
  { durations, failures }: Measured,
  shares: Pick<Outcome, "busy" | "waited">,
  footprint: Footprint,
): Outcome {
  const sorted = durations.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  const [p50, p99, most] = [at(0.5), at(0.99), sorted.at(-1) ?? NaN];
  return { name, told, p50, p99, most, served: sorted.length, failures, ...shares, footprint };
}
