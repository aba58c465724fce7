/** Families of metrics that cost nothing until they are read: each asks for its samples when somebody scrapes. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** @param labels the names of the labels that every sample has */
export type Family = (
  name: string,
  help: string,
  labels: readonly string[],
  samples: () => readonly Sample[],
) => void;

export type Families = {
  readonly counter: Family;
  /** Of two samples with the same labels the later one counts. */
  readonly gauge: Family;
  /** Rejects when one of the families throws. */
  readonly text: () => Promise<string>;
};

/** Looked up by walking over every open socket: with thousands of them each scrape would be a pause for everybody. */
const costly = ["handles", "requests", "resources"].map((what) => `nodejs_active_${what}`);

/** A registry of its own, with the process's own metrics (`process_*`, `nodejs_*`) in it; nothing is global. */
export function createFamilies(): Families {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of costly.flatMap((each) => [each, `${each}_total`])) registry.removeSingleMetric(name);
  return {
    counter(name, help, labels, samples) {
      new Counter({
        ...{ name, help, labelNames: [...labels], registers },
        collect() {
          this.reset();
          for (const [labelled, count] of samples()) this.inc(labelled, count);
        },
      });
    },
    gauge(name, help, labels, samples) {
      new Gauge({
        ...{ name, help, labelNames: [...labels], registers },
        collect() {
          this.reset();
          for (const [labelled, value] of samples()) this.set(labelled, value);
        },
      });
    },
    text: () => registry.metrics(),
  };
}
