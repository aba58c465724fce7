/**
 * Keeps the workers running, and tells them what they share. It speaks with them alone: what clients send never reaches this
 * process.
 */
import { createFigures } from "./figures.ts";
import type { Listening, Subject, ToSupervisor } from "./messages.ts";
import { createPoll, type Answers } from "./poll.ts";
import { emptySlot, tell, vacate, type Slot } from "./slot.ts";
import { newSecret, ticketsChangeEvery } from "./ticket-keys.ts";
import { startProcess, type Exit } from "./worker-process.ts";

export type Supervised = {
  readonly file: string;
  readonly workers: number;
  /** See Start. */
  readonly fixed: unknown;
  /** A worker has ended and was not told to; there will be another after so many milliseconds. */
  readonly ended: (worker: number, exit: Exit, pause: number) => void;
  /** Another has taken its place. */
  readonly back: (worker: number) => void;
  /** Another cannot take its place yet: the problems of a configuration. */
  readonly refused: (worker: number, problems: unknown) => void;
};

export type Supervisor = {
  readonly listeners: readonly Listening[];
  /** What those say that listen. */
  readonly ask: (about: Subject) => Promise<Answers>;
  /** Figures of all, as one page. @param texts what each of them has said of its own */
  readonly merge: (texts: Answers["texts"]) => string;
  readonly reload: () => void;
  /** Resolves when all have finished what is under way, and ended. */
  readonly drain: () => Promise<void>;
  /** Cuts whatever is under way; resolves when all have ended. */
  readonly end: () => Promise<void>;
};

/** A worker could not start. */
export class WorkerRefused extends Error {
  /** Of a configuration; `undefined` where it ended in another way. */
  readonly problems: unknown;
  constructor({ worker, problems }: Slot, { code, signal }: Exit) {
    super(`worker ${worker} ended before it listened: ${signal ?? `exit code ${String(code)}`}`);
    this.name = "WorkerRefused";
    this.problems = problems;
  }
}

/** How long those who were told to end at once may take, in milliseconds. */
const lastPatience = 2_000;
/** Authorities that are not configured but lead to one that is: there are never so many. */
const mostIntroduced = 1_000;

/** @throws WorkerRefused when one of them cannot start; then none runs */
export async function startWorkers(options: Supervised): Promise<Supervisor> {
  const { file, workers, fixed } = options;
  const figures = createFigures(workers);
  const poll = createPoll();
  const slots = Array.from({ length: workers }, (_, at) => emptySlot(at + 1));
  const introduced = new Set<string>();
  let secret = newSecret().toString("base64");
  let listeners: readonly Listening[] = [];
  let phase: "starting" | "running" | "stopping" = "starting";
  const started = Promise.withResolvers<undefined>();
  const gone = Promise.withResolvers<undefined>();

  /** Sessions that were sealed with the one of before resume nowhere. */
  const changeSecret = () => {
    secret = newSecret().toString("base64");
    for (const slot of slots) tell([slot], { kind: "secret", secret, heard: slot.forgotten });
  };
  const begin = (slot: Slot, ports: readonly number[] | undefined) => {
    const { worker } = slot;
    tell([slot], { kind: "start", worker, workers, ports, secret, fixed, introduced: [...introduced] });
  };
  const launch = (slot: Slot) => {
    clearTimeout(slot.retry);
    [slot.retry, slot.problems, slot.startedAt] = [undefined, undefined, performance.now()];
    const heard = (message: ToSupervisor) => {
      hear(slot, message);
    };
    const exited = (exit: Exit) => {
      leave(slot, exit);
    };
    slot.process = startProcess(file, heard, exited);
    // The first one says which ports there are.
    if (listeners.length > 0) begin(slot, portsOf(listeners));
    else if (slot === slots[0]) begin(slot, undefined);
  };
  const hear = (slot: Slot, message: ToSupervisor) => {
    switch (message.kind) {
      case "listening":
        slot.isUp = true;
        if (listeners.length === 0) {
          ({ listeners } = message);
          for (const other of slots.slice(1)) begin(other, portsOf(listeners));
        }
        if (phase === "running") options.back(slot.worker);
        else if (slots.every(({ isUp }) => isUp)) {
          phase = "running";
          started.resolve(undefined);
        }
        return;
      case "refused":
        slot.problems = message.problems;
        return;
      case "forgot":
        slot.forgotten += 1;
        changeSecret();
        return;
      case "introduced":
        if (introduced.size >= mostIntroduced || introduced.has(message.certificate)) return;
        introduced.add(message.certificate);
        tell(slots, message);
        return;
      case "answer":
        poll.answered(slot.worker, message.question, message.text);
    }
  };
  const leave = (slot: Slot, exit: Exit) => {
    const { worker } = slot;
    const pause = vacate(slot, performance.now());
    poll.ended(worker);
    if (phase === "starting") started.reject(new WorkerRefused(slot, exit));
    if (phase === "running") {
      if (slot.problems === undefined) {
        figures.ended(worker);
        options.ended(worker, exit, pause);
      } else options.refused(worker, slot.problems);
      slot.retry = setTimeout(launch, pause, slot);
    } else if (slots.every(({ process }) => process === undefined)) gone.resolve(undefined);
  };
  const stop = () => {
    phase = "stopping";
    clearInterval(changing);
    for (const { retry } of slots) clearTimeout(retry);
    if (slots.every(({ process }) => process === undefined)) gone.resolve(undefined);
  };
  const kill = () => {
    for (const { process } of slots) process?.kill();
  };

  const changing = setInterval(changeSecret, ticketsChangeEvery);
  for (const slot of slots) launch(slot);
  try {
    await started.promise;
  } catch (error) {
    stop();
    kill();
    await gone.promise;
    throw error;
  }
  return {
    listeners,
    ask: (about) =>
      poll.ask(
        slots
          .filter(({ isUp }) => isUp)
          .map((slot) => ({
            worker: slot.worker,
            ask: (question) => {
              tell([slot], { kind: "question", question, about });
            },
          })),
      ),
    merge: figures.merge,
    reload() {
      tell(slots, { kind: "reload" });
      // What kept it from starting may be mended.
      for (const slot of slots) if (slot.retry !== undefined && slot.process === undefined) launch(slot);
    },
    async drain() {
      stop();
      tell(slots, { kind: "drain" });
      await gone.promise;
    },
    async end() {
      stop();
      tell(slots, { kind: "end" });
      const limit = setTimeout(kill, lastPatience);
      await gone.promise;
      clearTimeout(limit);
    },
  };
}

function portsOf(listeners: readonly Listening[]): number[] {
  return listeners.map(({ port }) => port);
}
