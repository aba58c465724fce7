/** Revocation lists from where the certificates say that they are (cRLDistributionPoints, RFC 5280 section 4.2.1.13). */
import { X509Certificate } from "node:crypto";
import type { Link, Source, SourceEvents, Standing } from "../source.ts";
import { scopeOf } from "./certificate-scope.ts";
import type { Snapshot } from "./collection.ts";
import { createFetchedList, type FetchedList } from "./fetched-list.ts";
import { standingOf } from "./standing-of.ts";

export type DistributionPointsOptions = {
  /** How long a list holds past its nextUpdate, milliseconds. */
  readonly staleAfter: number;
  readonly previous?: Source;
};

type Fetched = { readonly url: string; readonly issuer: X509Certificate; readonly list: FetchedList };
type Carried = Omit<Fetched, "list"> & { readonly snapshot: Snapshot };

const snapshots = new WeakMap<Source, () => ReadonlyMap<string, Carried>>();
const mostLists = 1_000;
/** Of one certificate. */
const mostPoints = 4;
/** A server that does not answer is not asked again by every request. */
const pause = 10_000;

/**
 * Every list is verified with the key of the certificate's own issuer, and only URLs of certificates whose signature is
 * proved are ever fetched.
 */
export function openDistributionPoints(options: DistributionPointsOptions, events: SourceEvents): Source {
  const { staleAfter } = options;
  /** The least recently used first. */
  const fetched = new Map<string, Fetched>();

  const add = (url: string, issuer: X509Certificate, previous?: Snapshot): Fetched => {
    const list = createFetchedList(
      { url, authorities: [issuer], staleAfter, previous },
      {
        warning: events.warning,
        // Whoever was told "unknown" before asks again by himself.
        changed(first) {
          if (!first) events.changed();
        },
      },
    );
    return { url, issuer, list };
  };

  const listFor = (url: string, { issuer }: Link): FetchedList => {
    // Another authority that names the same URL has no say in whether the list is good for this one.
    const key = `${issuer.sha256} ${url}`;
    const entry = fetched.get(key) ?? add(url, new X509Certificate(issuer.der));
    fetched.delete(key);
    fetched.set(key, entry);
    for (const [oldest, { list }] of fetched) {
      if (fetched.size <= mostLists) break;
      list.close();
      fetched.delete(oldest);
    }
    return entry.list;
  };

  const ask = (link: Link, now: number): Standing | Promise<Standing> => {
    const points = scopeOf(link.certificate)?.distributionPoints ?? [];
    const urls = [...new Set(points)].filter((uri) => /^http:/i.test(uri)).slice(0, mostPoints);
    if (urls.length === 0)
      return { status: "unknown", detail: "the certificate has no distribution point with an http: address", until: Infinity }; // prettier-ignore
    const lists = urls.map((url) => listFor(url, link));
    const judge = () =>
      standingOf(
        lists.flatMap(({ collection }) => collection.held()),
        link,
        now,
        staleAfter,
      );
    const known = judge();
    if (known.status !== "unknown") return known;
    const unknown = (): Standing => {
      const problems = lists
        .flatMap(({ collection }) => collection.states())
        .flatMap(({ name, problem }) => (problem === undefined ? [] : `${name} ${problem}`));
      return { status: "unknown", detail: [judge().detail, ...problems].join("; "), until: now + pause };
    };
    const asked = lists.filter((list) => list.isUnderWay() || now - list.askedAt() >= pause);
    if (asked.length === 0) return unknown();
    // The first that knows is enough: each of them lists all that was revoked.
    const answers = asked.map(async (list) => {
      await list.fetch();
      const standing = judge();
      if (standing.status === "unknown") throw new Error(standing.detail);
      return standing;
    });
    return Promise.any(answers).catch(unknown);
  };

  const previous = options.previous && snapshots.get(options.previous)?.();
  for (const [key, { url, issuer, snapshot }] of previous ?? []) fetched.set(key, add(url, issuer, snapshot));

  const lists = () => [...fetched.values()].map(({ list }) => list);
  const source: Source = {
    check(link, now) {
      try {
        return ask(link, now);
      } catch {
        return { status: "unknown", detail: "the certificate or its issuer cannot be read", until: Infinity };
      }
    },
    async refresh() {
      await Promise.all(lists().map((list) => list.fetch()));
    },
    states: () => lists().flatMap(({ collection }) => collection.states()),
    close() {
      for (const list of lists()) list.close();
    },
  };
  snapshots.set(
    source,
    () =>
      new Map(
        [...fetched].map(([key, { url, issuer, list }]) => [
          key,
          { url, issuer, snapshot: list.collection.snapshot() },
        ]),
      ),
  );
  return source;
}
