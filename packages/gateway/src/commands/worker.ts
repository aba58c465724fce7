/** `sallyport worker`: one of several that `serve` starts. It does what its supervisor says, and drains when that is gone. */
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "../config/config-error.ts";
import type { Fixed } from "../config/cannot-reload.ts";
import { loadSettings } from "../config/load.ts";
import { openChannel, type WorkerChannel } from "../workers/worker-channel.ts";

/** @returns the exit code */
export async function work(file: string): Promise<number> {
  if (!process.connected) {
    process.stderr.write("A worker is started by: sallyport serve\n");
    return 1;
  }
  const channel = openChannel();
  try {
    const gateway = await join(file, channel);
    if (gateway === undefined) return 0;
    await channel.tell({ kind: "listening", listeners: gateway.listeners });
    channel.obey({ ...gateway, secret: gateway.takeSecret, introduced: gateway.introduce });
    await channel.drain;
    await Promise.race([gateway.drain(), channel.end.then(gateway.end)]);
    await Promise.race([gateway.log.end(), sleep(500)]);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await channel.tell({ kind: "refused", problems: error.problems });
    return 1;
  }
}

async function join(file: string, { start, tell }: WorkerChannel) {
  const given = await start;
  if (given === undefined) return undefined;
  const { worker, workers, ports, fixed } = given;
  const settings = loadSettings(file);
  // Signals are heard by now: a process that is still loading would die of them.
  const { startGateway } = await import("../running.ts");
  return startGateway(file, settings, {
    ...{ worker, workers, ports, fixed: fixed as Fixed },
    forgot: () => void tell({ kind: "forgot" }),
    introduced: (certificate) =>
      void tell({ kind: "introduced", certificate: certificate.toString("base64") }),
  });
}
