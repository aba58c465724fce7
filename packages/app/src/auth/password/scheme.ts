/** One way in which a password is kept. */
export type Scheme = {
  /**
   * What it takes to verify against `stored`, or `undefined` when `stored` is not, or not wholly, of this scheme. Costs
   * that nobody sane has chosen count as malformed: a row in a table must not take the machine's memory.
   */
  readonly read: (stored: string) => Kept | undefined;
};

/** A stored hash that has been understood. */
export type Kept = {
  /** Compares in constant time. */
  readonly verify: (password: string) => Promise<boolean>;
  /** Whether it is kept as a new one would be. */
  readonly current: boolean;
};
