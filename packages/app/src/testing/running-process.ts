/** The app as the process that people start. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { TestContext } from "node:test";

export type RunningProcess = {
  /** The next line on stdout that holds `text`, looked for from the last one found. */
  readonly line: (text: string) => Promise<string>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly exited: Promise<{ readonly code: number | null; readonly stderr: string }>;
};

/** With a data folder of its own, unless `env` names one. */
export function runningProcess(
  context: TestContext,
  env: Record<string, string>,
  ...args: string[]
): RunningProcess {
  const data = mkdtempSync(join(tmpdir(), "sallyport-app-"));
  const child = spawn(process.execPath, [join(import.meta.dirname, "../main.ts"), ...args], {
    env: { SALLYPORT_APP_DATA: data, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  context.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(data, { recursive: true });
  });
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
