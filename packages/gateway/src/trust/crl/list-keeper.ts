/** Reads again and again, keeps what is good, and says what is not: what files and fetched lists have in common. */
import type { X509Certificate } from "node:crypto";
import type { SourceEvents } from "../source.ts";
import {
  createCollection,
  type Adopted,
  type Collection,
  type Reading,
  type Snapshot,
} from "./collection.ts";
import { createExpiryWatch } from "./expiry-watch.ts";
import { nextStep } from "./next-step.ts";

export type KeeperOptions = {
  readonly authorities: readonly X509Certificate[];
  /** Milliseconds. */
  readonly staleAfter: number;
  readonly previous: Snapshot | undefined;
  /** All there is to read. Never rejects. */
  readonly read: (collection: Collection) => Promise<readonly Reading[]>;
};

export type ListKeeper = {
  readonly collection: Collection;
  /** Takes in what there is, and tells nobody. */
  readonly look: () => Promise<Adopted>;
  /** Warns of what was not taken and is news, and begins to watch what is held run out. */
  readonly report: (adopted: Adopted) => void;
  readonly close: () => void;
  readonly isClosed: () => boolean;
};

export function createListKeeper(options: KeeperOptions, events: Pick<SourceEvents, "warning">): ListKeeper {
  const { authorities, staleAfter, previous, read } = options;
  const collection = createCollection(authorities, staleAfter, previous);
  const watch = createExpiryWatch(collection.held, staleAfter, events.warning);
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const takeIn = async () => collection.adopt(await read(collection), Date.now());

  return {
    collection,
    look() {
      // One after the other: what was read earlier must not be taken in later.
      const looked = last.then(takeIn);
      last = looked.catch(() => undefined);
      return looked;
    },
    report({ rejected }) {
      if (closed) return;
      for (const { name, problem, known } of rejected) {
        const stays = collection.held().length > 0 ? "; what was last good stays" : "";
        if (!known)
          events.warning(`${name} ${problem}${stays}`, { source: `crl ${name}`, next: nextStep(name) });
      }
      watch.look();
    },
    close() {
      closed = true;
      watch.close();
    },
    isClosed: () => closed,
  };
}
