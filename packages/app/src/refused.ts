/**
 * A request that is understood and not done, for a reason that the person who sent it can act on. Nothing was changed.
 * It is answered with its status and its words, as a page, a text or problem details, by Accept; it is no bug.
 */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  /** Stable: logs and tests match it. */
  readonly code: string;
  /** What happened, as one sentence. */
  readonly headline: string;
  /** Why, and what to do next. */
  readonly detail: string;
  /** Seconds, for Retry-After. */
  readonly retryAfter: number | undefined;
  constructor(words: {
    readonly status: number;
    readonly code: string;
    readonly headline: string;
    readonly detail: string;
    readonly retryAfter?: number;
  }) {
    super(`${words.code}: ${words.headline}`);
    this.status = words.status;
    this.code = words.code;
    this.headline = words.headline;
    this.detail = words.detail;
    this.retryAfter = words.retryAfter;
  }
}
