/** A measure of time that is as slow as the machine is busy: requests there and back, one after the other. */
import { once } from "node:events";
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Scope } from "./scope.ts";
import type { Identity } from "./test-authority.ts";
import { waitUntil } from "./wait-until.ts";

export type Pulse = {
  /** Resolves when so many more requests have been asked and answered: what had been sent before has long been read. */
  readonly beats: (count: number) => Promise<void>;
};

/** Milliseconds, both. */
const pause = 5;
const patience = 30_000;

/** Asks for `path` again and again, on one connection, until the test ends. */
export function startPulse(scope: Scope, port: number, path: string, identity: Identity): Pulse {
  const agent = new Agent({ ...identity, keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const over = new AbortController();
  const ask = async () => {
    const asked = request({ host: "127.0.0.1", port, path, agent, signal: over.signal }).end();
    const [answer] = (await once(asked, "response")) as [NodeJS.ReadableStream];
    await once(answer.resume(), "end");
  };
  let answered = 0;
  const work = async () => {
    while (!over.signal.aborted) {
      await ask();
      answered += 1;
      await sleep(pause);
    }
  };
  const worked = work().catch(() => undefined);
  scope.after(async () => {
    over.abort();
    agent.destroy();
    await worked;
  });
  return {
    // The one that is under way was asked before.
    beats: (count) => {
      const from = answered;
      return waitUntil(
        () => answered > from + count,
        () => `port ${port} does not answer`,
        patience,
        pause,
      );
    },
  };
}
