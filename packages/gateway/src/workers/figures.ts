/** One scrape of all workers. */
import { countersOf, mergeFamilies, readFamilies, writeFamilies, type Families } from "./merge-metrics.ts";

export type Figures = {
  /** @param texts what the workers have just said, by their numbers */
  readonly merge: (texts: ReadonlyMap<number, string>) => string;
  /** What it had counted when it was last asked goes on to be counted. */
  readonly ended: (worker: number) => void;
};

export function createFigures(total: number): Figures {
  let departed: Families = new Map();
  let ends = 0;
  const last = new Map<number, Families>();
  return {
    merge(texts) {
      for (const [worker, text] of texts) last.set(worker, readFamilies(text));
      const own = `
# HELP sallyport_workers Workers that serve; ${total} are wanted.
# TYPE sallyport_workers gauge
sallyport_workers ${texts.size}
# HELP sallyport_worker_ends_total Workers that have ended and were not told to.
# TYPE sallyport_worker_ends_total counter
sallyport_worker_ends_total ${ends}
`;
      return writeFamilies(mergeFamilies([readFamilies(own), departed, ...last.values()]));
    },
    ended(worker) {
      ends += 1;
      const counted = last.get(worker);
      if (counted) departed = mergeFamilies([departed, countersOf(counted)]);
      last.delete(worker);
    },
  };
}
