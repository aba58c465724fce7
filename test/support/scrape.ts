/** A gateway's metrics as Prometheus reads them. */
import type { RunningProcess } from "./running-process.ts";

/** `sallyport_reloads_total{outcome="ok"}` -> its figure; NaN for a series that is not there. */
export type Figures = (series: string) => number;

/** @param gateway one with `metrics` in its configuration */
export async function metricsPortOf(gateway: RunningProcess): Promise<number> {
  return Number((await gateway.logged(({ msg }) => msg === "metrics"))["port"]);
}

export async function scrape(port: number): Promise<Figures> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) });
  if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
  const lines = (await answer.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const figures = new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
  return (series) => figures.get(series) ?? NaN;
}
