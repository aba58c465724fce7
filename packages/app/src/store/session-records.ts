/** Where sessions are kept: the table (session-table.ts) or Redis (session-redis.ts). One contract suite runs on both. */

export type SessionRecord = {
  /** SHA-256 of the id in the cookie, in hex. */
  readonly idHash: string;
  /** Whose it is; `null` before anybody has signed in. */
  readonly userId: number | null;
  /** JSON. */
  readonly data: string;
  /** Milliseconds since 1970, as all times here. */
  readonly created: number;
  readonly seen: number;
  readonly expires: number;
  readonly userAgent: string;
  readonly address: string;
};

/** All of them throw StoreUnavailable when they cannot be done now. */
export type SessionRecords = {
  /** @returns `undefined` for one that is not there, or whose time is over */
  readonly find: (idHash: string) => Promise<SessionRecord | undefined>;
  /** Keeps one that is new. */
  readonly put: (record: SessionRecord) => Promise<void>;
  /** Keeps what has changed in one that is there. One that was removed meanwhile stays away: whoever ended it meant it. */
  readonly replace: (record: SessionRecord) => Promise<void>;
  /** Moves the end of one that is there; one that is not stays away. */
  readonly touch: (idHash: string, seen: number, expires: number) => Promise<void>;
  readonly remove: (idHash: string) => Promise<void>;
  /** What somebody has open, the latest seen first. */
  readonly ofUser: (userId: number) => Promise<readonly SessionRecord[]>;
  /** Ends all of somebody's, but for the one that is named. @returns how many */
  readonly removeAllOf: (userId: number, except?: string) => Promise<number>;
  /** Throws away what is over. @returns how many */
  readonly sweep: () => Promise<number>;
};
