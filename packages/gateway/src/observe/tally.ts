/** How often each of a few names was met. */

export type Tally = {
  readonly add: (name: string) => void;
  readonly counts: () => readonly (readonly [name: string, count: number])[];
};

/** A mistake elsewhere must not be able to fill a Prometheus with series: names beyond these many are `other`. */
const mostNames = 64;

/** @param names those that are there from the start, with 0: a rate that was never seen cannot be alerted on */
export function createTally(names: readonly string[] = []): Tally {
  const counts = new Map(names.map((name) => [name, 0]));
  return {
    add(name) {
      const count = counts.get(name);
      if (count === undefined && counts.size >= mostNames)
        counts.set("other", (counts.get("other") ?? 0) + 1);
      else counts.set(name, (count ?? 0) + 1);
    },
    counts: () => [...counts],
  };
}
