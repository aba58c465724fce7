/** The lists of one source: what is held, where it came from, and which of what arrives takes whose place. */
import { readCertificate } from "@sallyport/identity";
import type { X509Certificate } from "node:crypto";
import type { SourceState } from "../source.ts";
import type { Loaded, LoadedList } from "./load-lists.ts";
import type { NamedList } from "./standing-of.ts";
import { compareAge, saysTheSame, whyNotReplace, type Age } from "./succession.ts";

/** What came of one file or URL. The name is what people know it by. */
export type Reading = { readonly name: string; readonly loaded: Loaded };

/** A file that was not taken, or not all of it. */
export type Rejected = {
  readonly name: string;
  /** Goes on behind the name. */
  readonly problem: string;
  /** The same was said of the same octets before. */
  readonly known: boolean;
};

export type Adopted = {
  readonly rejected: readonly Rejected[];
  /** Answers given before may not hold any more. */
  readonly changed: boolean;
};

type Origin = {
  readonly digest: string | undefined;
  /** The lists that were last taken from it, or gave way to newer ones elsewhere. */
  readonly lists: readonly (Age & { readonly key: string })[];
  readonly problem: string | undefined;
};

export type Collection = {
  /** Takes in all there is to read: what was there before and is not among it is gone. */
  readonly adopt: (readings: readonly Reading[], now: number) => Adopted;
  /** The digest of what was last read under a name and taken: that need not be read again. */
  readonly digestOf: (name: string) => string | undefined;
  readonly held: () => readonly NamedList[];
  readonly states: () => readonly SourceState[];
  readonly snapshot: () => Snapshot;
};

/** What a collection knows, to begin the next one with. */
export type Snapshot = {
  readonly authorities: string;
  readonly held: ReadonlyMap<string, NamedList>;
  readonly origins: ReadonlyMap<string, Origin>;
};

/** @param staleAfter how long a list holds past its nextUpdate, milliseconds */
export function createCollection(
  authorities: readonly X509Certificate[],
  staleAfter: number,
  previous?: Snapshot,
): Collection {
  const carried = previous && carryOver(previous, authorities);
  const held = new Map(carried?.held);
  const origins = new Map(carried?.origins);
  const heldFrom = (name: string) => [...held.values()].filter((list) => list.name === name);

  /** Among all that is offered, not only among what was read just now. */
  const isNewest = (list: LoadedList) =>
    ![...origins.values()].some(({ lists }) =>
      lists.some((other) => other.key === keyOf(list) && compareAge(list, other) < 0),
    );

  return {
    adopt(readings, now) {
      const before = new Map(origins);
      const rejected: Rejected[] = [];
      const taken = new Set<string>();
      let changed = false;

      const reject = (name: string, digest: string | undefined, problem: string) => {
        const old = before.get(name);
        rejected.push({ name, problem, known: old?.problem === problem && old.digest === digest });
        origins.set(name, { digest, lists: old?.lists ?? [], problem });
      };
      const take = (name: string, digest: string | undefined, list: LoadedList) => {
        const key = keyOf(list);
        const old = held.get(key);
        if (old?.digest === list.digest) held.set(key, { ...old, name });
        else if (!isNewest(list) || taken.has(key)) return;
        else {
          const problem = old && whyNotReplace(old, list, now);
          if (problem !== undefined) {
            reject(name, digest, problem);
            return;
          }
          held.set(key, { ...list, name });
          changed ||= old === undefined || !saysTheSame(old, list, now, staleAfter);
        }
        taken.add(key);
      };

      for (const { name, loaded } of readings) {
        if ("problem" in loaded) reject(name, loaded.digest, loaded.problem);
        else if ("lists" in loaded) {
          const lists = loaded.lists.map((list) => ({ ...ageOf(list), key: keyOf(list) }));
          origins.set(name, { digest: loaded.digest, lists, problem: undefined });
        }
      }
      for (const { name, loaded } of readings) {
        for (const list of "lists" in loaded ? loaded.lists : []) take(name, loaded.digest, list);
      }
      for (const name of before.keys()) {
        if (readings.some((reading) => reading.name === name)) continue;
        if (heldFrom(name).length === 0) origins.delete(name);
        else reject(name, undefined, "is gone");
      }
      return { rejected, changed };
    },

    digestOf(name) {
      const origin = origins.get(name);
      return origin?.problem === undefined ? origin?.digest : undefined;
    },

    held: () => [...held.values()],

    states: () =>
      [...origins].flatMap(([name, { problem }]): SourceState[] => {
        const lists = heldFrom(name);
        if (lists.length === 0) return problem === undefined ? [] : [{ name: `crl ${name}`, problem }];
        return lists.map(({ index, digest, thisUpdate, nextUpdate }, at) => ({
          name: `crl ${name}${lists.length > 1 ? ` #${at + 1}` : ""}`,
          entries: index.count,
          digest,
          thisUpdate,
          nextUpdate,
          problem,
        }));
      }),

    snapshot: () => ({ authorities: idOf(authorities), held, origins }),
  };
}

function ageOf({ number, thisUpdate }: Age): Age {
  return { number, thisUpdate };
}

function keyOf({ issuerKey, scopeKey }: LoadedList): string {
  return `${issuerKey} ${scopeKey}`;
}

function idOf(authorities: readonly X509Certificate[]): string {
  return authorities
    .map(({ fingerprint256 }) => fingerprint256)
    .sort()
    .join(" ");
}

/** Other authorities: only lists of those that still are some stay, and every file is read again. */
function carryOver(
  previous: Snapshot,
  authorities: readonly X509Certificate[],
): Omit<Snapshot, "authorities"> {
  if (previous.authorities === idOf(authorities)) return previous;
  const keys = new Set(authorities.map(({ raw }) => readCertificate(raw).spkiSha256));
  return {
    held: new Map([...previous.held].filter(([, { issuerKey }]) => keys.has(issuerKey))),
    origins: new Map([...previous.origins].filter(([, { problem }]) => problem !== undefined)),
  };
}
