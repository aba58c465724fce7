/** A local list of certificates that are not let in, whatever their authority says. Edited while the gateway runs. */
import { readFile } from "node:fs/promises";
import { SourceError, type Link, type Source, type SourceEvents, type Standing } from "./source.ts";
import { denialOf, digestOf, readDenyList, sameDenials, type DenyList } from "./deny-list/read-deny-list.ts";

export type DenyListOptions = {
  /** Absolute. */
  readonly path: string;
  /** The path as it is configured. */
  readonly name: string;
  /** The source of this file before a reload: when the file is broken now, its list holds on. */
  readonly previous?: Source | undefined;
};

const listOf = new WeakMap<Source, () => DenyList>();

/**
 * Opens a deny list. It covers every certificate: who is not on it is `good`.
 * @throws SourceError when the file is missing or broken and there is no list of before
 */
export async function openDenyList(options: DenyListOptions, events: SourceEvents): Promise<Source> {
  const { path, name, previous } = options;
  const before = previous && listOf.get(previous)?.();
  let problem: string | undefined;
  let closed = false;
  /** Settles when every look at the file so far is done: an older one must not have the last word. */
  let looks: Promise<void> = Promise.resolve();

  const lookAgain = async (held: DenyList): Promise<DenyList> => {
    try {
      const read = await readDenyList(await readText(path, name), name);
      problem = undefined;
      return read;
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      if (problem !== what && !closed) {
        const said = `${what}\nThe deny list of before holds on: ${held.entries} ${held.entries === 1 ? "entry" : "entries"}.`;
        events.warning(said, { file: path, ...(error instanceof SourceError && { next: error.next }) });
      }
      problem = what;
      return held;
    }
  };

  let list = before ? await lookAgain(before) : await readDenyList(await readText(path, name), name);
  if (before && !sameDenials(before, list)) events.changed();

  const check = ({ certificate }: Link): Standing => {
    const denial = denialOf(list, certificate);
    return denial === undefined
      ? { status: "good", detail: `${name} does not name it`, until: Infinity }
      : { status: "revoked", detail: denial, until: Infinity };
  };
  const source: Source = {
    check,
    refresh() {
      looks = looks.then(async () => {
        const next = await lookAgain(list);
        if (closed) return;
        const differs = !sameDenials(list, next);
        list = next;
        if (differs) events.changed();
      });
      return looks;
    },
    states: () => [{ name: `denyList ${name}`, entries: list.entries, digest: digestOf(list), problem }],
    close: () => (closed = true),
  };
  listOf.set(source, () => list);
  return source;
}

/** @throws SourceError */
async function readText(path: string, name: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const [what, next] = failures[code] ?? [`cannot be read (${code})`, "look at it: ls -l FILE"];
    throw new SourceError(`${name} ${what}`, next.replace("FILE", name));
  }
}

const failures: Readonly<Record<string, readonly [what: string, next: string]>> = {
  ENOENT: [
    "does not exist",
    "make it, empty for now: touch FILE; or take denyList out of clients.revocation",
  ],
  EACCES: ["may not be read by this user", "let the gateway's user read it: chmod a+r FILE"],
  EISDIR: ["is a folder, not a file", "name the YAML file in it"],
  ERR_ENCODING_INVALID_ENCODED_DATA: ["is not UTF-8", "save it as UTF-8"],
};
