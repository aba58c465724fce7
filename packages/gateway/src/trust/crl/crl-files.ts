/** Revocation lists from a file, or from every file of a folder. */
import type { X509Certificate } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { SourceError, type Source, type SourceEvents } from "../source.ts";
import type { Collection, Reading, Rejected, Snapshot } from "./collection.ts";
import { createListKeeper } from "./list-keeper.ts";
import type { Loaded } from "./load-lists.ts";
import { loadOffThread } from "./load-off-thread.ts";
import { nextStep } from "./next-step.ts";
import { standingOf } from "./standing-of.ts";

export type CrlFilesOptions = {
  /** A file, or a folder whose *.crl, *.pem and *.der are read; absolute. */
  readonly path: string;
  /** As it is written in the configuration. */
  readonly name: string;
  /** How long a list holds past its nextUpdate, milliseconds. */
  readonly staleAfter: number;
  /** Whose lists are believed. */
  readonly authorities: readonly X509Certificate[];
  readonly previous?: Source;
};

const snapshots = new WeakMap<Source, () => Snapshot>();
const listFile = /\.(?:crl|pem|der)$/i;
/** Ten times a list of a million entries. */
const longestFile = 512 * 1024 * 1024;

/** @throws SourceError when there is no `previous` to go on with and a file is not taken, or there is none */
export async function openCrlFiles(options: CrlFilesOptions, events: SourceEvents): Promise<Source> {
  const { staleAfter, authorities } = options;
  const previous = options.previous && snapshots.get(options.previous)?.();
  const keeper = createListKeeper(
    { authorities, staleAfter, previous, read: (collection) => readAll(options, collection) },
    events,
  );
  const { collection } = keeper;
  const first = await keeper.look();
  const nothingBefore = previous === undefined || collection.held().length === 0;
  if (nothingBefore && first.rejected.length > 0) throw sourceError(first.rejected);
  keeper.report(first);
  const source: Source = {
    check: (link, now) => standingOf(collection.held(), link, now, staleAfter),
    async refresh() {
      const adopted = await keeper.look();
      keeper.report(adopted);
      if (adopted.changed && !keeper.isClosed()) events.changed();
    },
    states: collection.states,
    close: keeper.close,
  };
  snapshots.set(source, collection.snapshot);
  return source;
}

function sourceError(rejected: readonly Rejected[]): SourceError {
  const what = rejected.map(({ name, problem }) => `${name} ${problem}`).join("; ");
  return new SourceError(what, nextStep(rejected[0]?.name ?? ""));
}

async function readAll(
  { path, name, authorities }: CrlFilesOptions,
  collection: Collection,
): Promise<readonly Reading[]> {
  const read = async (file: string, known: string): Promise<Reading> => ({
    name: known,
    loaded: await load(file, authorities, collection.digestOf(known)),
  });
  const found = await filesOf(path);
  if (found === undefined) {
    // A folder that is gone, and its files with it.
    if (collection.held().some((list) => list.name !== name)) return [];
    const reading = await read(path, name);
    const empty = "lists" in reading.loaded && reading.loaded.lists.length === 0;
    return [empty ? { name, loaded: { digest: undefined, problem: "holds no revocation list" } } : reading];
  }
  const readings: Reading[] = [];
  for (const file of found) {
    const reading = await read(join(path, file), join(name, file));
    // A certificate that lies beside the lists is none of our business.
    if (!("lists" in reading.loaded) || reading.loaded.lists.length > 0) readings.push(reading);
  }
  if (readings.length > 0 || collection.held().length > 0) return readings;
  return [{ name, loaded: { digest: undefined, problem: "holds no revocation list (*.crl, *.pem, *.der)" } }];
}

/** `undefined` for a file, and for what is not there. */
async function filesOf(path: string): Promise<string[] | undefined> {
  try {
    const entries = await readdir(path);
    return entries.filter((entry) => listFile.test(entry)).sort();
  } catch {
    return undefined;
  }
}

async function load(file: string, authorities: readonly X509Certificate[], known?: string): Promise<Loaded> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { digest: undefined, problem: "is not a file" };
    if (found.size > longestFile)
      return { digest: undefined, problem: `is longer than ${longestFile} octets` };
    return await loadOffThread(await readFile(file), authorities, known);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { digest: undefined, problem: inWords[code ?? ""] ?? `cannot be read (${code ?? message})` };
  }
}

const inWords: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be read by this user",
};
