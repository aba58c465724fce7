/**
 * A histogram whose every observation is a few comparisons and one addition. prom-client's would make an object and a text
 * for each of them, which is more than all else that is written down of a request costs.
 */

export type Histogram = {
  readonly observe: (value: number) => void;
  /** In Prometheus' text format, with a line break at its end. */
  readonly text: () => string;
};

/** @param bounds upper bounds (inclusive), rising; the one that holds everything is added */
export function createHistogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  return {
    observe(value) {
      let at = 0;
      while (value > (bounds[at] ?? Infinity)) at += 1;
      counts[at] = (counts[at] ?? 0) + 1;
      sum += value;
    },
    text() {
      let count = 0;
      const buckets = Array.from(counts, (own, at) => {
        count += own;
        return `${name}_bucket{le="${bounds[at] ?? "+Inf"}"} ${count}\n`;
      });
      return `# HELP ${name} ${help}\n# TYPE ${name} histogram\n${buckets.join("")}${name}_sum ${sum}\n${name}_count ${count}\n`;
    },
  };
}
