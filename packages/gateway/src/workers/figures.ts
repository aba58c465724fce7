/** One scrape of all workers. */
import { countersOf, mergeFamilies, readFamilies, writeFamilies, type Families } from "./merge-metrics.ts";

/** Milliseconds that a worker may take to answer. */
const patience = 2_000;

export type Figures = {
  /** @param workers those that run; `ask` sends the question */
  readonly collect: (
    workers: readonly { readonly worker: number; readonly ask: (question: number) => void }[],
  ) => Promise<Collected>;
  /** @param text nothing where the worker cannot read its own */
  readonly answered: (worker: number, question: number, text: string | undefined) => void;
  /** What it had counted when it was last asked goes on to be counted. */
  readonly ended: (worker: number) => void;
};

/** The text, or the workers that said nothing. */
export type Collected = { readonly text: string } | { readonly silent: readonly number[] };

export function createFigures(total: number): Figures {
  let departed: Families = new Map();
  let ends = 0;
  let questions = 0;
  const last = new Map<number, Families>();
  const waiting = new Map<string, (answer: "answered" | "silent") => void>();
  const settle = (worker: number, question: number, answer: "answered" | "silent") => {
    waiting.get(`${worker} ${question}`)?.(answer);
  };
  return {
    async collect(workers) {
      questions += 1;
      const question = questions;
      const silent: number[] = [];
      await Promise.all(
        workers.map(async ({ worker, ask }) => {
          const { promise, resolve } = Promise.withResolvers<"answered" | "silent">();
          const timer = setTimeout(resolve, patience, "silent");
          waiting.set(`${worker} ${question}`, resolve);
          ask(question);
          if ((await promise) === "silent") silent.push(worker);
          clearTimeout(timer);
          waiting.delete(`${worker} ${question}`);
        }),
      );
      if (silent.length > 0) return { silent };
      const own = `
# HELP sallyport_workers Workers that serve; ${total} are wanted.
# TYPE sallyport_workers gauge
sallyport_workers ${workers.length}
# HELP sallyport_worker_ends_total Workers that have ended and were not told to.
# TYPE sallyport_worker_ends_total counter
sallyport_worker_ends_total ${ends}
`;
      return { text: writeFamilies(mergeFamilies([readFamilies(own), departed, ...last.values()])) };
    },
    answered(worker, question, text) {
      if (text !== undefined) last.set(worker, readFamilies(text));
      settle(worker, question, text === undefined ? "silent" : "answered");
    },
    ended(worker) {
      ends += 1;
      const counted = last.get(worker);
      if (counted) departed = mergeFamilies([departed, countersOf(counted)]);
      last.delete(worker);
      for (const [key, resolve] of waiting) if (key.startsWith(`${worker} `)) resolve("answered");
    },
  };
}
