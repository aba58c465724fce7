/** One worker, as its supervisor sees it: a process, and the line to it. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ToSupervisor, ToWorker } from "./messages.ts";

export type Exit = { readonly code: number | null; readonly signal: string | null };

export type WorkerProcess = {
  readonly tell: (message: ToWorker) => void;
  readonly kill: () => void;
};

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/**
 * @param heard is told what the worker says
 * @param exited called once, behind everything that was heard
 */
export function startProcess(
  file: string,
  heard: (message: ToSupervisor) => void,
  exited: (exit: Exit) => void,
): WorkerProcess {
  const child = fork(main, ["worker", "--config", file], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.on("message", heard);
  let exit: Exit = { code: null, signal: null };
  child.once("error", (error) => {
    // It could not be started at all.
    if (child.pid === undefined) exited({ code: null, signal: error.message });
  });
  child.once("exit", (code, signal) => {
    exit = { code, signal };
  });
  child.once("close", () => {
    exited(exit);
  });
  return {
    tell(message) {
      // It may have ended in this very moment; "exit" tells.
      if (child.connected) child.send(message, () => undefined);
    },
    kill: () => child.kill("SIGKILL"),
  };
}
