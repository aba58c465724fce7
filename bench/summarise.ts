/** Measurements -> one row per server. Ratios are taken within a round, where both met the same machine, and then the median. */
import type { Measurement } from "./measure.ts";
import { median } from "./median.ts";

export type Row = {
  readonly server: string;
  /** CPU time per unit of the workload, microseconds: median and least of the rounds. */
  readonly cpu: number;
  readonly least: number;
  readonly perSecond: number;
  /** CPU time over time: near 1 the server's core was full, and requests per second mean something. */
  readonly busy: number;
  readonly failed: number;
  /** How many times the CPU time of that server; none for a server that was not measured. */
  readonly times: Readonly<Record<string, number | undefined>>;
};

const cost = ({ cpu, done }: Measurement) => cpu / done;

export function summarise(measurements: readonly Measurement[]): Row[] {
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
    return {
      server,
      cpu: median(own.map(cost)),
      least: Math.min(...own.map(cost)),
      perSecond: median(own.map(({ done, seconds }) => done / seconds)),
      busy: median(own.map(({ cpu, seconds }) => cpu / (seconds * 1e6))),
      failed: own.reduce((sum, { failed }) => sum + failed, 0),
      times: Object.fromEntries(names.map(times)),
    };
  });
}
