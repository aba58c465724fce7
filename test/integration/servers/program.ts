/** A real program, started for one test and ended by its process id. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { installed } from "./installed.ts";

export type Program = {
  /** Resolves with the first match in what the program has said on either of its outputs. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Resolves when a port of 127.0.0.1 accepts connections. */
  readonly accepts: (port: number) => Promise<void>;
};

const patience = 20_000;

/** @param path an absolute path: what comes first in PATH may be another version */
export async function startProgram(
  context: TestContext,
  path: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Program> {
  const child = spawn(await installed(path), words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  context.after(async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(timer);
  });
  let said = "";
  for (const output of [child.stdout, child.stderr])
    output.setEncoding("utf8").on("data", (text: string) => (said += text));
  const until = async <Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> => {
    for (const end = Date.now() + patience; Date.now() < end;) {
      const found = await look();
      if (found !== undefined) return found;
      if (child.exitCode !== null || child.signalCode !== null) break;
      await sleep(20);
    }
    throw new Error(`${path} never ${what}. It said:\n${said}`);
  };
  return {
    says: (pattern) =>
      until(`said ${String(pattern)}`, () => Promise.resolve(pattern.exec(said) ?? undefined)),
    accepts: async (port) => {
      await until(`accepted connections on port ${port}`, () => reached(port));
    },
  };
}

/** The port when somebody listens there. */
async function reached(port: number): Promise<number | undefined> {
  const socket = connect(port, "127.0.0.1");
  const connected = await once(socket, "connect").then(
    () => port,
    () => undefined,
  );
  socket.destroy();
  return connected;
}
