/** The revocation list at one URL: fetched, kept, and fetched again before it runs out. */
import type { X509Certificate } from "node:crypto";
import { fetchOctets } from "../fetch-octets.ts";
import type { SourceEvents } from "../source.ts";
import type { Collection, Reading, Snapshot } from "./collection.ts";
import { createListKeeper } from "./list-keeper.ts";
import { loadOffThread } from "./load-off-thread.ts";

export type FetchedListOptions = {
  readonly url: string;
  readonly authorities: readonly X509Certificate[];
  /** How long a list holds past its nextUpdate, milliseconds. */
  readonly staleAfter: number;
  readonly previous: Snapshot | undefined;
};

export type FetchedListEvents = Pick<SourceEvents, "warning"> & {
  /** Answers given before may not hold any more. @param first there was no list to answer from before */
  readonly changed: (first: boolean) => void;
};

export type FetchedList = {
  readonly collection: Collection;
  /** Fetches now, or waits for the fetch that is under way. Never rejects. */
  readonly fetch: () => Promise<void>;
  readonly isUnderWay: () => boolean;
  /** When the last fetch began, milliseconds since the epoch; 0: never. */
  readonly askedAt: () => number;
  readonly close: () => void;
};

/** Twice a list of a million entries. */
const longestAnswer = 64 * 1024 * 1024;
const fetchTimeout = 5_000;
const longestWait = 60 * 60 * 1000;
const firstRetry = 1_000;
const lastRetry = 5 * 60 * 1000;

/** Fetches nothing yet, unless `previous` has a list: that is kept fresh from now on. */
export function createFetchedList(options: FetchedListOptions, events: FetchedListEvents): FetchedList {
  const { url, authorities } = options;
  const keeper = createListKeeper(
    { ...options, read: (collection) => read(url, authorities, collection) },
    events,
  );
  const { collection } = keeper;
  let underWay: Promise<void> | undefined;
  let askedAt = 0;
  let retry = firstRetry;
  let timer: NodeJS.Timeout | undefined;

  /** After a failure soon, then later and later; a list that should have been replaced by now is one. */
  const wait = (): number => {
    const due = dueOf(collection) - Date.now();
    const failed = collection.held().length === 0 || collection.digestOf(url) === undefined || due <= 0;
    const pause = retry;
    retry = failed ? Math.min(2 * retry, lastRetry) : firstRetry;
    return failed ? pause : Math.min(due, longestWait);
  };
  const schedule = () => {
    clearTimeout(timer);
    if (!keeper.isClosed()) timer = setTimeout(() => void fetchOnce(), wait()).unref();
  };
  const fetchNow = async () => {
    askedAt = Date.now();
    const first = collection.held().length === 0;
    const adopted = await keeper.look();
    keeper.report(adopted);
    if (adopted.changed && !keeper.isClosed()) events.changed(first);
    schedule();
  };
  const fetchOnce = () => (underWay ??= fetchNow().finally(() => (underWay = undefined)));

  if (collection.held().length > 0) schedule();
  return {
    collection,
    fetch: fetchOnce,
    isUnderWay: () => underWay !== undefined,
    askedAt: () => askedAt,
    close() {
      keeper.close();
      clearTimeout(timer);
    },
  };
}

/** When nine tenths of the shortest life are over. */
function dueOf(collection: Collection): number {
  const dues = collection
    .held()
    .map(({ thisUpdate, nextUpdate }) => thisUpdate + 0.9 * (nextUpdate - thisUpdate));
  return Math.min(Infinity, ...dues);
}

async function read(
  url: string,
  authorities: readonly X509Certificate[],
  collection: Collection,
): Promise<Reading[]> {
  try {
    const { octets } = await fetchOctets(url, { limit: longestAnswer, timeout: fetchTimeout });
    const loaded = await loadOffThread(octets, authorities, collection.digestOf(url));
    const empty = "lists" in loaded && loaded.lists.length === 0;
    return [
      { name: url, loaded: empty ? { digest: loaded.digest, problem: "holds no revocation list" } : loaded },
    ];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const problem = message.startsWith(`${url} `)
      ? message.slice(url.length + 1).replace(/\.$/, "")
      : message;
    return [{ name: url, loaded: { digest: undefined, problem } }];
  }
}
