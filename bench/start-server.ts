/** Starts a server under test on its core and waits until it accepts connections. */
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BenchError } from "./bench-error.ts";
import type { Certificates } from "./certificates.ts";
import { startChild } from "./child.ts";
import type { Contestant } from "./contestant.ts";
import { serverCore } from "./cores.ts";
import type { Settings } from "./servers/server.ts";

const patience = 60_000;

/** What a server is told where its contestant says nothing else. */
export const usual: Settings = {
  accessLog: false,
  workers: 1,
  cores: serverCore,
  routes: 1,
  rules: 1,
  revoked: 1,
};

export type Running = {
  readonly contestant: Contestant;
  readonly port: number;
  readonly pid: number;
};

/**
 * @param folder of the run: the server gets a new one inside it
 * @throws ProgramMissing where it is not installed, BenchError with what it said where it does not start
 */
export async function startServer(
  contestant: Contestant,
  run: {
    readonly folder: string;
    readonly backendPort: number;
    readonly certificates: Certificates;
  },
): Promise<Running> {
  const { server, name, title } = contestant;
  const settings = { ...usual, ...contestant.settings };
  const folder = join(run.folder, name);
  mkdirSync(folder);
  const port = await freePort();
  const revocationList = run.certificates.revocationLists[settings.revoked] ?? "";
  const command = server.command({ ...run, ...settings, folder, port, revocationList });
  const output = join(folder, "output");
  const log = openSync(output, "a");
  const child = startChild(settings.cores, command, ["ignore", log, log]);
  closeSync(log);
  let failure: Error | undefined;
  child.on("error", (error) => (failure = error));
  const deadline = performance.now() + patience;
  while (!(await accepts(port))) {
    const ended = failure !== undefined || child.exitCode !== null || child.signalCode !== null;
    if (ended || performance.now() > deadline) {
      const said = failure?.message ?? readFileSync(output, "utf8").trim();
      const what = ended ? "ended at once" : `does not listen after ${patience / 1000} s`;
      throw new BenchError(`${title} ${what}. It was started as\n  ${command.join(" ")}\nand said:\n${said}`);
    }
    await sleep(50);
  }
  return { contestant, port, pid: child.pid ?? 0 };
}

/** Free a moment ago: nginx and Apache cannot be told to take any and say which. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const done = (accepted: boolean) => () => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on("connect", done(true)).on("error", done(false));
  });
}
