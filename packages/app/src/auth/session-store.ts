/** express-session's store, on the session records: ids are hashed before they are kept, and times are decided here. */
import { createHash } from "node:crypto";
import session, { type SessionData } from "express-session";
import type { SessionRecord, SessionRecords } from "../store/index.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** A session ends when it was not used for so long (milliseconds)... */
export const idleTime = 7 * day;
/** ... or for so long, while it is nobody's: whoever sends a program to the login page again and again must not fill the store. */
export const idleTimeOfNobody = 2 * 60 * minute;
/** ... and at the latest so long after it began. */
export const wholeTime = 30 * day;

declare module "express-session" {
  // express-session says what a session holds by this name alone.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface SessionData {
    /** When it began to be used, in milliseconds; see `sessionOf`. */
    startedAt: number;
    /** Whose it is; left out while nobody has signed in. */
    userId: number;
    by: "certificate" | "password";
    userAgent: string;
    address: string;
    /** When it was last used, as far as that is written down: once a minute. */
    seenAt: number;
  }
}

type Done = (error?: unknown) => void;

export class SessionStore extends session.Store {
  readonly #records: SessionRecords;
  readonly #onTrouble: (error: unknown) => void;
  readonly #now: () => number;

  constructor(records: SessionRecords, onTrouble: (error: unknown) => void, now: () => number = Date.now) {
    super();
    this.#records = records;
    this.#onTrouble = onTrouble;
    this.#now = now;
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    this.#records.find(hashOfId(id)).then(
      (record) => { done(null, record && dataOf(record)); }, // prettier-ignore
      done,
    );
  }

  override set(id: string, data: SessionData, done: Done = () => undefined): void {
    // express-session keeps whatever came out of `regenerate`: one in which nobody has kept anything is not worth a row.
    if (!holdsSomething(data)) {
      done();
      return;
    }
    const seen = this.#now();
    const created = startOf(data, seen);
    const record: SessionRecord = {
      idHash: hashOfId(id),
      userId: idIn(data),
      data: JSON.stringify(data),
      created,
      seen,
      expires: endOf(data, seen),
      userAgent: textIn(data.userAgent),
      address: textIn(data.address),
    };
    const keep = cameFromStore(data) ? this.#records.replace(record) : this.#records.put(record);
    keep.then(() => { done(); }, done); // prettier-ignore
  }

  override destroy(id: string, done: Done = () => undefined): void {
    this.#records.remove(hashOfId(id)).then(() => { done(); }, done); // prettier-ignore
  }

  /** Once a minute at most: a reader need not cost a write a page. That it could not be written down costs nobody their page. */
  override touch(id: string, data: SessionData, done: () => void = () => undefined): void {
    const now = this.#now();
    if (now - data.seenAt < minute) {
      done();
      return;
    }
    this.#records.touch(hashOfId(id), now, endOf(data, now)).then(done, (error: unknown) => {
      this.#onTrouble(error);
      done();
    });
  }
}

/** What is kept in the place of an id. */
export function hashOfId(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}

function dataOf({ data, seen }: SessionRecord): SessionData {
  return { ...(JSON.parse(data) as SessionData), seenAt: seen };
}

// express-session's type says that everything is there; a session that has only begun holds nothing.
function startOf({ startedAt }: Partial<SessionData>, otherwise: number): number {
  return startedAt ?? otherwise;
}

function holdsSomething({ startedAt }: Partial<SessionData>): boolean {
  return startedAt !== undefined;
}

function cameFromStore({ seenAt }: Partial<SessionData>): boolean {
  return seenAt !== undefined;
}

function idIn({ userId }: Partial<SessionData>): number | null {
  return userId ?? null;
}

function textIn(text: string | undefined): string {
  return (text ?? "").slice(0, 300);
}

function endOf(data: SessionData, seen: number): number {
  const idle = idIn(data) === null ? idleTimeOfNobody : idleTime;
  return Math.min(seen + idle, startOf(data, seen) + wholeTime);
}
