/** A process of ours: started, listened to, and ended by its own id. */
import { spawn } from "node:child_process";

/** It ended without being asked to. The message is what it said about that. */
export class Ended extends Error {
  override readonly name = "Ended";
}

export type Child = {
  /** The fields of its `listening` line. */
  readonly listening: Promise<Readonly<Record<string, unknown>>>;
  /** Never resolves; rejects with Ended when the process is gone. */
  readonly ended: Promise<never>;
  /** From now on what it writes goes to our own output. */
  readonly show: () => void;
  readonly stop: () => Promise<void>;
};

/** @param args a program for this very Node, and its arguments */
export function startChild(
  name: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Child {
  // A process group of its own: Ctrl-C reaches us alone, and we end the children in order, letting them drain.
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output = { text: "", shown: false };
  const complaint = { text: "" };
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => {
      resolve();
    });
  });
  const ended = closed.then(() => {
    throw new Ended(complaint.text.trim() || `The ${name} has ended (exit code ${String(child.exitCode)}).`);
  });
  ended.catch(() => undefined); // whoever waits for it hears it; nobody has to
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint.text += text;
  });
  const listening = new Promise<Readonly<Record<string, unknown>>>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (output.shown) process.stdout.write(text);
      else output.text += text;
      const line = output.text.split("\n").find((candidate) => candidate.includes('"msg":"listening"'));
      if (line !== undefined) resolve(JSON.parse(line) as Record<string, unknown>);
    });
  });
  return {
    listening: Promise.race([listening, ended]),
    ended,
    show() {
      output.shown = true;
      child.stderr.pipe(process.stderr);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await closed;
    },
  };
}
