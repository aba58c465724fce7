/** What a load counts: answers, failures, handshakes, and how long an answer took. */

/** Latencies are kept in classes, each this much wider than the one before: an error of 5 % at most. */
const growth = 1.05;
const shortest = 0.01;

export type Tally = {
  /** Units of the workload, or parts of one. */
  readonly done: (units: number) => void;
  /**
   * An answer as it should be.
   * @param since when it was asked for, by `performance.now()`
   */
  readonly answered: (since: number) => void;
  /** An answer or a connection that was not as it should be. */
  readonly failed: () => void;
  readonly shookHands: (resumed: boolean) => void;
};

export type Counts = {
  readonly done: number;
  readonly failed: number;
  /** The part of the handshakes that resumed nothing, from 0 to 1; none where there were no handshakes. */
  readonly full?: number;
  /** Milliseconds from a question to its whole answer. */
  readonly p50: number;
  readonly p99: number;
};

/** @returns the tally, what it holds now, and a way to begin anew; failures stay */
export function createTally(): Tally & {
  readonly counts: () => Counts;
  readonly clear: () => void;
} {
  const classes = new Uint32Array(400);
  let done = 0;
  let answers = 0;
  let failed = 0;
  let full = 0;
  let resumed = 0;
  const quantile = (part: number) => {
    let left = answers * part;
    const at = classes.findIndex((count) => (left -= count) <= 0);
    return shortest * growth ** Math.max(at, 0);
  };
  return {
    done(units) {
      done += units;
    },
    answered(since) {
      answers += 1;
      const milliseconds = Math.max(performance.now() - since, shortest);
      const at = Math.min(
        Math.round(Math.log(milliseconds / shortest) / Math.log(growth)),
        classes.length - 1,
      );
      classes[at] = (classes[at] ?? 0) + 1;
    },
    failed() {
      failed += 1;
    },
    shookHands(wasResumed) {
      if (wasResumed) resumed += 1;
      else full += 1;
    },
    counts: () => ({
      done,
      failed,
      ...(full + resumed > 0 && { full: full / (full + resumed) }),
      p50: quantile(0.5),
      p99: quantile(0.99),
    }),
    clear() {
      done = answers = full = resumed = 0;
      classes.fill(0);
    },
  };
}
