/** One responder: whether it is worth asking now, and what is the matter with it. */

/** While it is down, it is tried so often, in milliseconds: once for all certificates together. */
const pause = 2_000;
/** The same trouble is not told again so soon, should it come and go. */
const quiet = 60_000;

export class Responder {
  readonly url: string;
  /** Why the last answer was none; `undefined` when all is well. */
  problem: string | undefined;
  #isDown = false;
  /** While it is down, by the clock of `performance.now()`, which nobody sets; `undefined`: at once. */
  #retryAt: number | undefined;
  #told = { problem: "", at: -Infinity };

  constructor(url: string) {
    this.url = url;
  }

  /** It did not answer the last time: whoever asks it again does not make anybody wait for that. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /**
   * Whether it may be asked now. While it is down, one question at a time finds out whether it is back.
   * @param longest how long an exchange with it takes at most, in milliseconds
   */
  mayBeAsked(longest: number): boolean {
    if (!this.#isDown || this.#retryAt === undefined) return true;
    const now = performance.now();
    if (now < this.#retryAt) return false;
    this.#retryAt = now + longest + pause;
    return true;
  }

  /** Somebody wants to know now: the pause is over. */
  forgive(): void {
    this.#retryAt = undefined;
  }

  succeeded(): void {
    this.problem = undefined;
    this.#isDown = false;
  }

  /** @returns whether this is news to tell the operator: an outage is told once, whatever becomes of it */
  failed(problem: string, isDown: boolean): boolean {
    const now = performance.now();
    const isSameOutage = isDown && this.#isDown;
    const isTold =
      problem === this.problem || (problem === this.#told.problem && now < this.#told.at + quiet);
    this.problem = problem;
    this.#isDown = isDown;
    this.#retryAt = now + pause;
    if (isSameOutage || isTold) return false;
    this.#told = { problem, at: now };
    return true;
  }
}
