/** Families of metrics that cost nothing until they are read: each asks for its samples when somebody scrapes. */
import type { Registry } from "prom-client";

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

/**
 * A registry of its own, with the process's own metrics (`process_*`, `nodejs_*`) in it; nothing is global. It is made for
 * the first scrape: where nobody asks, neither its library nor its watch on the event loop costs anything.
 */
export function createFamilies(): Families {
  const definitions: ((register: Register) => void)[] = [];
  let registry: Promise<Registry> | undefined;
  return {
    counter(name, help, labels, samples) {
      definitions.push(({ Counter, registers }) => {
        new Counter({
          ...{ name, help, labelNames: [...labels], registers },
          collect() {
            this.reset();
            for (const [labelled, count] of samples()) this.inc(labelled, count);
          },
        });
      });
    },
    gauge(name, help, labels, samples) {
      definitions.push(({ Gauge, registers }) => {
        new Gauge({
          ...{ name, help, labelNames: [...labels], registers },
          collect() {
            this.reset();
            for (const [labelled, value] of samples()) this.set(labelled, value);
          },
        });
      });
    },
    async text() {
      registry ??= openRegistry(definitions);
      return (await registry).metrics();
    },
  };
}

type Library = typeof import("prom-client");
type Register = Pick<Library, "Counter" | "Gauge"> & { readonly registers: Registry[] };

async function openRegistry(definitions: readonly ((register: Register) => void)[]): Promise<Registry> {
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of costly.flatMap((each) => [each, `${each}_total`])) registry.removeSingleMetric(name);
  for (const define of definitions) define({ Counter, Gauge, registers: [registry] });
  return registry;
}
