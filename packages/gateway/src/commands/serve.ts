/** `sallyport serve`: runs until a signal ends it. SIGHUP reloads, SIGTERM and SIGINT drain, a second one ends at once. */
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { startGateway } from "../running.ts";

/** How long the cut have to be told why, in milliseconds. */
const lastWords = 200;

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
  const gateway = await startGateway(file);
  hangups.on("reload", gateway.reload);
  if (early as boolean) gateway.reload();
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGTERM", resolve).once("SIGINT", resolve);
  });
  const impatience = new Promise((resolve) => {
    process.once("SIGTERM", resolve).once("SIGINT", resolve);
  });
  gateway.log.event("draining", { signal });
  const drained = gateway.drain();
  void impatience.then(gateway.end);
  // What is cut is still told why, where nothing has been said yet.
  await Promise.race([drained, impatience.then(() => sleep(lastWords))]);
  gateway.log.event("stopped");
  // Whoever reads the log may have stopped reading.
  await Promise.race([gateway.log.end(), sleep(500)]);
  return 0;
}
