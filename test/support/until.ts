import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until the answer is yes.
 * @param what for the error when it stays no
 * @param patience milliseconds
 */
export async function until(
  what: string,
  question: () => boolean | Promise<boolean>,
  patience = 2_500,
): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end;) {
    if (await question()) return;
    await sleep(20);
  }
  throw new Error(`not within ${patience} ms: ${what}`);
}
