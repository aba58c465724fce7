import { setTimeout as delay } from "node:timers/promises";

/**
 * Looks again and again until it is so.
 * @param limit milliseconds
 * @param pause between two looks, in milliseconds
 * @throws Error with what `otherwise` says, when it does not become so in time
 */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  otherwise: () => string,
  limit = 5_000,
  pause = 20,
): Promise<void> {
  const end = performance.now() + limit;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(otherwise());
    await delay(pause);
  }
}
