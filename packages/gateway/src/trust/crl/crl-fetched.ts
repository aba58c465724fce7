/** Revocation lists over HTTP: one URL for everybody, or whatever the certificates themselves point to. */
import type { X509Certificate } from "node:crypto";
import type { Source, SourceEvents } from "../source.ts";
import type { Snapshot } from "./collection.ts";
import { openDistributionPoints } from "./distribution-points.ts";
import { createFetchedList } from "./fetched-list.ts";
import { standingOf } from "./standing-of.ts";

export type FetchedCrlOptions = {
  /** http: or https:; `cdp`: the distribution points in the certificates. */
  readonly url: string;
  /** How long a list holds past its nextUpdate, milliseconds. */
  readonly staleAfter: number;
  /** Whose lists are believed. With `cdp` it is the issuer of the certificate alone. */
  readonly authorities: readonly X509Certificate[];
  readonly previous?: Source;
};

const snapshots = new WeakMap<Source, () => Snapshot>();

/** Fetches at once, unless `previous` has a list. What cannot be fetched is a warning, and `unknown` until it can. */
export async function openFetchedCrl(options: FetchedCrlOptions, events: SourceEvents): Promise<Source> {
  if (options.url === "cdp") return openDistributionPoints(options, events);
  const { staleAfter } = options;
  const previous = options.previous && snapshots.get(options.previous)?.();
  let opened = false;
  const list = createFetchedList(
    { ...options, previous },
    {
      warning: events.warning,
      changed() {
        if (opened) events.changed();
      },
    },
  );
  const { collection } = list;
  const fetched = collection.held().length === 0 ? list.fetch() : undefined;
  // A reload does not wait for a server that may be silent.
  if (!options.previous) await fetched;
  opened = true;
  const source: Source = {
    check: (link, now) => standingOf(collection.held(), link, now, staleAfter),
    refresh: list.fetch,
    states: collection.states,
    close: list.close,
  };
  snapshots.set(source, collection.snapshot);
  return source;
}
