/**
 * One writer at a time in an authority's folder, whichever process, machine restart or container it lives in.
 *
 * The lock is the operating system's own on `index.lock`, taken through SQLite, because Node has no call for it. The
 * system frees it when its holder dies, however it dies: what a killed process leaves is an empty file that nobody
 * holds, never a lock that somebody has to recognise and break. Nothing is ever written into the file.
 */
import { open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { FolderError } from "./certs-error.ts";
import { cannotWrite, isTemporary, makeFolder, shown } from "./store.ts";

const patience = 30_000;
const busy = 5; // SQLITE_BUSY

/**
 * Runs `work` while nobody else works in this folder. Not reentrant.
 *
 * @throws FolderError when the lock is not free within half a minute.
 */
export async function locked<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  await makeFolder(folder);
  const path = join(folder, "index.lock");
  try {
    await (await open(path, "a", 0o600)).close();
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    const until = Date.now() + patience;
    while (!taken(lock)) {
      if (Date.now() > until)
        throw new FolderError(
          `${shown(path)} has been held by another command for ${patience / 1000} seconds. ` +
            `To see which: fuser ${shown(path)}`,
        );
      await setTimeout(5 + Math.random() * 20);
    }
    await sweep(folder);
    return await work();
  } finally {
    lock.close();
  }
}

function taken(lock: DatabaseSync): boolean {
  try {
    // nothing is ever written, so there is nothing to undo; kept on the disk, the journal would lie beside the lock
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === busy) return false;
    throw error;
  }
}

/** Whatever a killed process had not yet given its name: every writer holds the lock, so nobody is still at it. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (isTemporary(name)) await rm(join(folder, name), { force: true });
}

/** The same for one file that lives outside an authority's folder. */
export async function sweepBeside(path: string): Promise<void> {
  const [folder, file] = [dirname(path), basename(path)];
  for (const name of await readdir(folder))
    if (isTemporary(name, file)) await rm(join(folder, name), { force: true });
}
