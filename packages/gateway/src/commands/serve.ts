/** `sallyport serve`: runs until a signal ends it. SIGHUP reloads, SIGTERM and SIGINT drain, a second one ends at once. */
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { loadSettings } from "../config/load.ts";
import { activatedSockets } from "./activated-sockets.ts";
import { serviceManager } from "./service-manager.ts";

/**
 * @param environment of which systemd's word is read, and nothing else
 * @returns the exit code
 * @throws ConfigError when it cannot start
 */
export async function serve(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  // From the first moment on: the signal's default is to end the process.
  const hangups = new EventEmitter();
  let early = false;
  process.on("SIGHUP", () => {
    early = !hangups.emit("reload");
  });
  const gateway = await start(file, environment);
  const manager = serviceManager(environment["NOTIFY_SOCKET"], gateway.log.warning);
  const reload = async () => {
    await manager.reloading();
    await gateway.reload();
    await manager.ready("serving");
  };
  hangups.on("reload", () => void reload());
  void ((early as boolean) ? reload() : manager.ready("serving"));
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGTERM", resolve).once("SIGINT", resolve);
  });
  const impatience = new Promise((resolve) => {
    process.once("SIGTERM", resolve).once("SIGINT", resolve);
  });
  gateway.log.event("draining", { signal });
  void manager.stopping();
  await Promise.race([gateway.drain(), impatience.then(gateway.end)]);
  gateway.log.event("stopped");
  // Whoever reads the log may have stopped reading.
  await Promise.race([gateway.log.end(), sleep(500)]);
  return 0;
}

/** A supervisor does not even load what speaks with clients. */
async function start(file: string, environment: Parameters<typeof serve>[1]) {
  const settings = loadSettings(file);
  if (settings.workers > 1) return (await import("../supervising.ts")).supervise(file, settings);
  return (await import("../running.ts")).startGateway(
    file,
    settings,
    undefined,
    activatedSockets(environment, process.pid),
  );
}
