/** `sallyport serve`: runs until a signal ends it. SIGHUP reloads, SIGTERM and SIGINT drain, a second one ends at once. */
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { loadSettings } from "../config/load.ts";

/**
 * @returns the exit code
 * @throws ConfigError when it cannot start
 */
export async function serve(file: string): Promise<number> {
  // From the first moment on: the signal's default is to end the process.
  const hangups = new EventEmitter();
  let early = false;
  process.on("SIGHUP", () => {
    early = !hangups.emit("reload");
  });
  const gateway = await start(file);
  hangups.on("reload", gateway.reload);
  if (early as boolean) gateway.reload();
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGTERM", resolve).once("SIGINT", resolve);
  });
  const impatience = new Promise((resolve) => {
    process.once("SIGTERM", resolve).once("SIGINT", resolve);
  });
  gateway.log.event("draining", { signal });
  await Promise.race([gateway.drain(), impatience.then(gateway.end)]);
  gateway.log.event("stopped");
  // Whoever reads the log may have stopped reading.
  await Promise.race([gateway.log.end(), sleep(500)]);
  return 0;
}

/** A supervisor does not even load what speaks with clients. */
async function start(file: string) {
  const settings = loadSettings(file);
  if (settings.workers > 1) return (await import("../supervising.ts")).supervise(file, settings);
  return (await import("../running.ts")).startGateway(file, settings);
}
