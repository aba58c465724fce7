/** Whether a target takes requests: what the health checks say of it, and how the last exchanges with it went. */

/** Failures in turn after which a target is left alone. */
const mostFailures = 3;
/** How long it is left alone, in milliseconds: twice as long each time, up to the longest. */
const shortest = 1_000;
const longest = 30_000;
/** How often one request tries a target when all of them are left alone. */
const trialEvery = 500;

export class Standing {
  /** What the health checks say; true where there are none. */
  healthy = true;
  #failures = 0;
  #outUntil = 0;
  #outFor = shortest;
  #triedAt = -Infinity;
  #trying = false;

  /** @param now milliseconds of the monotonic clock, here and below */
  isIn(now: number): boolean {
    return this.healthy && now >= this.#outUntil;
  }

  /** Asked when nobody is in. */
  mayBeTried(now: number): boolean {
    return this.healthy && now - this.#triedAt >= trialEvery;
  }

  /** A request is about to go there. After a time out it is the only one, until it is known how it went. */
  chosen(now: number): void {
    if (this.#outUntil === 0) return;
    this.#trying = true;
    this.#triedAt = now;
    this.#outUntil = Math.max(this.#outUntil, now + shortest);
  }

  /** @returns whether the target has come back by it */
  succeeded(): boolean {
    const wasOut = this.#outUntil > 0;
    this.#failures = 0;
    this.#outUntil = 0;
    this.#outFor = shortest;
    this.#trying = false;
    return wasOut;
  }

  /** @returns whether the target is left alone from now on, and was not before */
  failed(now: number): boolean {
    this.#failures += 1;
    // Of many that fail at the same time, one failure counts.
    if (this.#outUntil > now && !this.#trying) return false;
    if (this.#failures < mostFailures) return false;
    const wasOut = this.#outUntil > 0;
    this.#trying = false;
    this.#outUntil = now + this.#outFor;
    this.#outFor = Math.min(2 * this.#outFor, longest);
    return !wasOut;
  }
}
