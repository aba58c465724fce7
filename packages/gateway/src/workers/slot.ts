/** The place of one worker: who fills it, and how soon somebody else does when that one ends. */
import type { ToWorker } from "./messages.ts";
import type { WorkerProcess } from "./worker-process.ts";

export type Slot = {
  readonly worker: number;
  process: WorkerProcess | undefined;
  /** Whether it listens. */
  isUp: boolean;
  /** How often it said "forgot". */
  forgotten: number;
  /** What it said when it was refused. */
  problems: unknown;
  startedAt: number;
  pause: number;
  retry: NodeJS.Timeout | undefined;
};

/** Milliseconds. Who has lived long is replaced at once; the pause doubles for who has not. */
const shortestPause = 100;
const longestPause = 30_000;
const longLife = 60_000;

export function emptySlot(worker: number): Slot {
  return {
    ...{ worker, process: undefined, isUp: false, forgotten: 0, problems: undefined },
    ...{ startedAt: 0, pause: shortestPause, retry: undefined },
  };
}

export function tell(slots: readonly Slot[], message: ToWorker): void {
  for (const { process } of slots) process?.tell(message);
}

/** @returns how long the place stays empty, in milliseconds */
export function vacate(slot: Slot, now: number): number {
  [slot.process, slot.isUp, slot.forgotten] = [undefined, false, 0];
  if (now - slot.startedAt >= longLife) slot.pause = shortestPause;
  const { pause } = slot;
  slot.pause = Math.min(2 * pause, longestPause);
  return pause;
}
