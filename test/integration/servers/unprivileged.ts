/** Databases refuse to run as root. Where the tests are root, they run as Debian's `nobody`. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chown } from "node:fs/promises";
import type { Scope } from "../../support/scope.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { installed } from "./installed.ts";

const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const who = isRoot ? { uid: nobody, gid: nobody } : {};

export async function folderOfNobody(context: Scope): Promise<string> {
  const folder = await tempFolder(context);
  if (isRoot) await chown(folder, nobody, nobody);
  return folder;
}

export type Unprivileged = {
  /** Sends a signal, and returns when the program has ended. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
  readonly said: () => string;
};

/** Starts a program that ends with the test at the latest. */
export async function startUnprivileged(context: Scope, path: string, words: readonly string[]): Promise<Unprivileged> {
  const child = spawn(await installed(path), words, { ...who, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const output of [child.stdout, child.stderr])
    output.setEncoding("utf8").on("data", (text: string) => (said += text));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isOver(child)) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };
  context.after(() => end("SIGKILL"));
  return { end, said: () => said };
} // prettier-ignore

/** Runs a program to its end. @throws Error with what it said when it fails */
export async function runUnprivileged(path: string, words: readonly string[]): Promise<void> {
  const child = spawn(await installed(path), words, { ...who, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const output of [child.stdout, child.stderr])
    output.setEncoding("utf8").on("data", (text: string) => (said += text));
  await once(child, "close");
  if (child.exitCode !== 0) throw new Error(`${path} ended with ${String(child.exitCode)}:\n${said}`);
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
