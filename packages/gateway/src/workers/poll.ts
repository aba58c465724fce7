/** One question to several workers at once. */

/** Milliseconds that a worker may take to answer. */
const patience = 2_000;

export type Answers = {
  /** What each worker said. One that has ended meanwhile is not among them. */
  readonly texts: ReadonlyMap<number, string>;
  /** Those that said nothing, or that they cannot tell. */
  readonly silent: readonly number[];
};

export type Poll = {
  /** @param workers those that run; `ask` sends the question */
  readonly ask: (
    workers: readonly { readonly worker: number; readonly ask: (question: number) => void }[],
  ) => Promise<Answers>;
  /** @param text nothing where the worker cannot tell */
  readonly answered: (worker: number, question: number, text: string | undefined) => void;
  /** Nothing more is to be expected of it. */
  readonly ended: (worker: number) => void;
};

type Outcome = { readonly text: string | undefined } | "ended";

export function createPoll(): Poll {
  let questions = 0;
  const waiting = new Map<string, (outcome: Outcome) => void>();
  return {
    async ask(workers) {
      questions += 1;
      const question = questions;
      const texts = new Map<number, string>();
      const silent: number[] = [];
      await Promise.all(
        workers.map(async ({ worker, ask }) => {
          const key = `${worker} ${question}`;
          const { promise, resolve } = Promise.withResolvers<Outcome>();
          const timer = setTimeout(resolve, patience, { text: undefined });
          waiting.set(key, resolve);
          ask(question);
          const outcome = await promise;
          clearTimeout(timer);
          waiting.delete(key);
          if (outcome === "ended") return;
          if (outcome.text === undefined) silent.push(worker);
          else texts.set(worker, outcome.text);
        }),
      );
      return { texts, silent };
    },
    answered(worker, question, text) {
      waiting.get(`${worker} ${question}`)?.({ text });
    },
    ended(worker) {
      for (const [key, resolve] of waiting) if (key.startsWith(`${worker} `)) resolve("ended");
    },
  };
}
