/** `sallyport serve`: runs until a signal ends it. SIGHUP reloads, SIGTERM and SIGINT drain, a second one ends at once. */
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { startGateway } from "../running.ts";

/** How long exchanges that are under way may take to finish, in milliseconds. */
const drainLimit = 30_000;

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
  // Whoever reads the log may have stopped reading.
  const written = () => Promise.race([gateway.log.end(), sleep(500)]);
  const end = () => {
    void written().then(() => process.exit(0));
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  setTimeout(end, drainLimit).unref();
  gateway.log.event("draining", { signal });
  await gateway.drain();
  gateway.log.event("stopped");
  await written();
  return 0;
}
