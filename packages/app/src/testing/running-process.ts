/** The app as the process that people start. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { TestContext } from "node:test";

export type RunningProcess = {
  /** The next line on stdout that holds `text`, looked for from the last one found. */
  readonly line: (text: string) => Promise<string>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly exited: Promise<{ readonly code: number | null; readonly stderr: string }>;
};

export function runningProcess(context: TestContext, env: Record<string, string>): RunningProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../main.ts")], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  context.after(() => child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async line(text) {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`the process ended before it said ${text}: ${stderr}`);
        if (value.includes(text)) return value;
      }
    },
    signal: (signal) => child.kill(signal),
    exited: once(child, "close").then(([code]) => ({ code: code as number | null, stderr })),
  };
}

/** The port in a "listening" line. */
export function portOf(line: string): number {
  return Number(new URL((JSON.parse(line) as { address: string }).address).port);
}
