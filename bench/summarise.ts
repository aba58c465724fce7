/** Measurements -> one row per contestant. Ratios are taken within a round, where both met the same machine, and then the median. */
import type { Measurement } from "./measure.ts";
import { median } from "./median.ts";

export type Row = {
  /** The contestant's name. */
  readonly server: string;
  /** What a unit of the workload cost, in microseconds or KiB: median and least of the rounds. */
  readonly cost: number;
  readonly least: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time over time: near 1 the server's core was full, and units per second mean something. */
  readonly busy: number;
  readonly failed: number;
  /** The part of the handshakes that resumed nothing. */
  readonly full?: number;
  /** KiB before the load. */
  readonly idle?: number;
  /** How many times the cost of that contestant; none for one that was not measured. */
  readonly times: Readonly<Record<string, number | undefined>>;
};

const cost = ({ spent, done }: Measurement) => spent / done;

export function summarise(measurements: readonly Measurement[]): Row[] {
  // in the order of the first round, which is not reversed
  const names = [...new Set(measurements.map(({ server }) => server))];
  const roundsOf = (name: string) => measurements.filter(({ server }) => server === name);
  return names.map((server) => {
    const own = roundsOf(server);
    const times = (name: string): [string, number] => {
      const other = new Map(roundsOf(name).map((each) => [each.round, each]));
      const ratios = own.flatMap((each) => {
        const pair = other.get(each.round);
        return pair ? [cost(each) / cost(pair)] : [];
      });
      return [name, median(ratios)];
    };
    const full = own.flatMap((each) => each.full ?? []);
    const idle = own.flatMap((each) => each.idle ?? []);
    return {
      server,
      cost: median(own.map(cost)),
      least: Math.min(...own.map(cost)),
      perSecond: median(own.map(({ done, seconds }) => done / seconds)),
      p50: median(own.map(({ p50 }) => p50)),
      p99: median(own.map(({ p99 }) => p99)),
      busy: median(own.map(({ spent, seconds }) => spent / (seconds * 1e6))),
      failed: own.reduce((sum, { failed }) => sum + failed, 0),
      ...(full.length > 0 && { full: median(full) }),
      ...(idle.length > 0 && { idle: median(idle) }),
      times: Object.fromEntries(names.map(times)),
    };
  });
}
