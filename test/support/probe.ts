/** A gateway's probes as an orchestrator asks them: plain HTTP, and no certificate. */
import type { RunningProcess } from "./running-process.ts";

export type Probed = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Empty when all is well. */
  readonly problems: string;
};

/** @param gateway one with `health` in its configuration */
export async function healthPortOf(gateway: RunningProcess): Promise<number> {
  return Number((await gateway.logged(({ msg }) => msg === "health"))["port"]);
}

export async function probe(port: number, path: "/healthz" | "/readyz"): Promise<Probed> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
  const body = (await answer.json()) as Probed["body"];
  const problems = Array.isArray(body["problems"]) ? body["problems"].join("\n") : "";
  return { status: answer.status, body, problems };
}
