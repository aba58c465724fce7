/** A program of ours as the process that people start, and what it says. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Scope } from "./scope.ts";

/** One line of the log, as it was parsed from JSON. */
export type LogLine = Readonly<Record<string, unknown>>;

export type RunningProcess = {
  readonly pid: number;
  /** Every line on standard output so far, as it was written. */
  readonly lines: readonly string[];
  /** Those lines that are JSON, parsed. */
  readonly log: readonly LogLine[];
  readonly stderr: () => string;
  /** The first line of the log, past or to come, that the question says yes to. */
  readonly logged: (wanted: (line: LogLine) => boolean) => Promise<LogLine>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly exited: Promise<number | null>;
  /** SIGTERM, then the exit code. */
  readonly stop: () => Promise<number | null>;
};

const patience = 10_000;

export function runProcess(
  scope: Scope,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningProcess {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  scope.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await exited;
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const lines: string[] = [];
  const log: LogLine[] = [];
  const listeners = new Set<() => void>();
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    try {
      log.push(JSON.parse(line) as LogLine);
    } catch {
      // not JSON: `lines` has it
    }
    for (const listener of listeners) listener();
  });
  return {
    pid: child.pid ?? -1,
    lines,
    log,
    stderr: () => stderr,
    logged: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error(`the awaited log line did not come; last: ${lines.at(-1) ?? "none"}\n${stderr}`));
        }, patience);
        const look = () => {
          const found = log.find(wanted);
          if (found === undefined) return;
          clearTimeout(timer);
          listeners.delete(look);
          resolve(found);
        };
        void exited.then((code) => {
          reject(new Error(`the process ended with ${String(code)}: ${stderr}`));
          clearTimeout(timer);
        });
        listeners.add(look);
        look();
      }),
    signal: (signal) => child.kill(signal),
    exited,
    stop: () => {
      child.kill("SIGTERM");
      return exited;
    },
  };
}
