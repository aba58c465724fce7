/** One clock for whatever is waited for: a timer for each would cost more than the exchange that it watches. */
import { Roll } from "../roll.ts";

export type Watched = {
  /** @param now milliseconds of the monotonic clock */
  readonly check: (now: number) => void;
};

/** How late a deadline may be noticed, in milliseconds. */
const tick = 100;

const watched = new Roll<Watched>();
let timer: NodeJS.Timeout | undefined;

/** @returns a function that ends it */
export function watchDeadline(each: Watched): () => void {
  watched.add(each);
  timer ??= setInterval(look, tick).unref();
  return () => {
    watched.delete(each);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function look(): void {
  const now = performance.now();
  for (const each of watched) each.check(now);
}
