/** So many at a time, so many in line, and no more: what costs 20 MiB and a core must not be had without end. */
import { Refused } from "../../refused.ts";

/** The line is full. */
export class LineFullError extends Refused {
  constructor() {
    super({
      status: 503,
      code: "passwords-busy",
      headline: "Too many people are signing in at once.",
      detail: "Nothing was changed. Try again in a few seconds.",
      retryAfter: 2,
    });
  }
}

export type Turnstile = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * @param parallel how many are worked on at a time
 * @param waiting how many wait beside them
 * @returns runs `work` when its turn has come; rejects at once with {@link LineFullError} when the line is full
 */
export function openTurnstile({ parallel, waiting }: { parallel: number; waiting: number }): Turnstile {
  const line: (() => void)[] = [];
  let free = parallel;
  const enter = (): Promise<void> | undefined => {
    if (free > 0) {
      free -= 1;
      return undefined;
    }
    if (line.length >= waiting) throw new LineFullError();
    return new Promise((resolve) => line.push(resolve));
  };
  const leave = (): void => {
    const next = line.shift();
    if (next) next();
    else free += 1;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
