/** What a gateway says of its next reload. */
import type { LogLine, RunningProcess } from "./running-process.ts";

export type Reload = {
  readonly ok: boolean;
  /** Of a refused one, each with its file and line. */
  readonly problems: readonly string[];
};

/** @param cause makes the gateway read its files again */
export async function nextReload(
  gateway: Pick<RunningProcess, "log" | "logged">,
  cause: () => unknown,
): Promise<Reload> {
  const before = gateway.log.length;
  await cause();
  const line = await gateway.logged((each) => isReload(each) && gateway.log.indexOf(each) >= before);
  return { ok: line["msg"] === "reloaded", problems: (line["problems"] ?? []) as string[] };
}

export function reloadsOf({ log }: Pick<RunningProcess, "log">): number {
  return log.filter(isReload).length;
}

function isReload({ msg }: LogLine): boolean {
  return String(msg).startsWith("reload");
}
