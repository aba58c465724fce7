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
  let told = false;
  const over = (exit: Exit) => {
    if (!told) exited(exit);
    told = true;
  };
  child.on("error", ({ message }) => {
    // It could not be started at all.
    if (child.pid === undefined) over({ code: null, signal: message });
  });
  child.once("close", (code, signal) => {
    over({ code, signal });
  });
  return {
    tell(message) {
      // It may have ended in this very moment; "exit" tells.
      if (child.connected) child.send(message, () => undefined);
    },
    kill: () => child.kill("SIGKILL"),
  };
}
