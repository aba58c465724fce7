/** A copy of the SQLite file that is whole, made while others read and write it, and looked at before it is called one. */
import { closeSync, existsSync, openSync, renameSync, rmSync } from "node:fs";
import { backup, DatabaseSync } from "node:sqlite";
import type { StoreTarget } from "./store.ts";
import { StoreError } from "./store-error.ts";

/**
 * @param file where the copy is to be; made, readable by its owner alone, and never overwritten
 * @returns how many octets it has
 * @throws StoreError when there is nothing to copy, no place for it, or the copy is not sound (it is removed then)
 */
export async function backUp(target: StoreTarget, file: string): Promise<void> {
  if (!("file" in target)) {
    throw new StoreError(`This makes copies of SQLite's file. For ${target.url}, type: pg_dump --format=custom --file=${file} '${target.url}'`); // prettier-ignore
  }
  if (!existsSync(target.file)) {
    throw new StoreError(`${target.file} is not there. Look at SALLYPORT_APP_DATA and SALLYPORT_APP_DATABASE.`); // prettier-ignore
  }
  claim(file);
  const unfinished = `${file}.unfinished`;
  try {
    claim(unfinished);
    await copyTo(target.file, unfinished);
    const problem = problemIn(unfinished);
    if (problem !== undefined) throw new Error(`the copy is not sound: ${problem}`);
    renameSync(unfinished, file);
  } catch (error) {
    for (const each of [unfinished, `${unfinished}-wal`, `${unfinished}-shm`, file]) rmSync(each, { force: true }); // prettier-ignore
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(`${target.file} was not backed up (${reason}). Nothing was left at ${file}.`, { cause: error }); // prettier-ignore
  }
}

/** Makes the file, so that nobody else's is overwritten and nobody else can read it. */
function claim(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const reason = code === "EEXIST" ? "is there already: name another file, or remove it" : `cannot be made (${code})`; // prettier-ignore
    throw new StoreError(`${file} ${reason}.`, { cause: error });
  }
}

async function copyTo(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5000 });
  try {
    // All pages in one step: what is written meanwhile waits for nothing, and the copy is of one moment.
    await backup(source, to, { rate: 1_000_000 });
  } finally {
    source.close();
  }
}

/** What SQLite finds wrong with the file, in its words. */
function problemIn(file: string): string | undefined {
  // Opened to be written to, so that SQLite takes its own files beside it away again.
  const copy = new DatabaseSync(file);
  try {
    const found = copy.prepare("PRAGMA integrity_check").all().map((row) => String(row["integrity_check"])); // prettier-ignore
    return found.join() === "ok" ? undefined : found.join("; ");
  } finally {
    copy.close();
  }
}
