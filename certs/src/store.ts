/** Where certificates live on disk, how they are read, and how they are written. */
import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { getSystemErrorMessage } from "node:util";
import { CertsError, FolderError } from "./certs-error.ts";

/** `certs/flask-local`, wherever the process was started. */
export const defaultFolder = fileURLToPath(new URL("../flask-local", import.meta.url));

/** The files that belong to one name. A `.pem` is the certificate followed by its key; `root.pem` has no key in it. */
export type Paths = {
  readonly crt: string;
  readonly key: string;
  readonly pem: string;
  readonly p12: string;
};

export function pathsOf(folder: string, name: string): Paths {
  const path = (ending: string) => join(folder, `${name}.${ending}`);
  return { crt: path("crt"), key: path("key"), pem: path("pem"), p12: path("p12") };
}

/** One file to write. A secret one is readable by its owner alone. */
export type StoredFile = {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly secret: boolean;
};

/**
 * Writes files that belong together into one folder, replacing what is there. Each appears whole or not at all: it is
 * written beside its place, with its final mode from the first byte on, and renamed when all of them are on the disk.
 *
 * @throws FolderError when the folder cannot be made or written to.
 */
export async function writeFiles(files: readonly StoredFile[]): Promise<void> {
  const pending = files.map((file) => ({ ...file, temporary: temporaryBeside(file.path) }));
  try {
    for (const { path } of pending) await makeFolder(dirname(path));
    for (const { temporary, content, secret } of pending) {
      const handle = await open(temporary, "wx", secret ? 0o600 : 0o644);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    for (const { temporary, path } of pending) await rename(temporary, path);
    for (const folder of new Set(pending.map(({ path }) => dirname(path)))) await syncFolder(folder);
  } catch (error) {
    await Promise.all(pending.map(({ temporary }) => rm(temporary, { force: true }).catch(() => undefined)));
    if (error instanceof CertsError) throw error;
    throw cannotWrite(dirname(files[0]?.path ?? "."), error);
  }
}

/** What is said when the system does not let us write to a folder. Throws what is no such error. */
export function cannotWrite(folder: string, error: unknown): CertsError {
  return new FolderError(
    `Cannot write to ${shown(folder)}: ${reason(error)}. Choose another folder with --out DIR`,
  );
}

/** Is there anything at this path? Throws FolderError when its folder may not be looked into. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return false;
    throw new FolderError(
      `Cannot look at ${shown(path)}: ${reason(error)}. Choose another folder with --out DIR`,
    );
  }
}

/**
 * Reads a whole file.
 *
 * @param next the command that mends a missing file, for the message.
 * @throws FolderError when it is missing or cannot be read.
 */
export async function readStored(path: string, next: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === "EACCES")
      throw new FolderError(
        `Cannot read ${shown(path)}: ${reason(error)}. Try: sudo chown "$USER" ${shown(path)}`,
      );
    throw new FolderError(`Cannot read ${shown(path)}: ${reason(error)}. Make it again: ${next}`);
  }
}

/** The first certificate in a PEM file. Throws FolderError, naming the file, when there is none. */
export async function readCertificate(path: string, next: string): Promise<X509Certificate> {
  const content = await readStored(path, next);
  try {
    return new X509Certificate(content);
  } catch {
    throw new FolderError(`${shown(path)} is not a certificate. Make it again: ${next}`);
  }
}

/** The private key in a PEM file. Throws FolderError, naming the file, when there is none. */
export async function readPrivateKey(path: string, next: string): Promise<KeyObject> {
  const content = await readStored(path, next);
  try {
    return createPrivateKey(content);
  } catch {
    throw new FolderError(`${shown(path)} is not a private key. Make it again: ${next}`);
  }
}

/** A path as it is printed: relative to where the person stands, unless it leads out of there. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near === "" ? "." : near.startsWith("..") ? path : near;
}

/** Makes a folder that only its owner may look into, unless it is there: keys are going to live in it. */
export async function makeFolder(path: string): Promise<void> {
  if (await isThere(path)) return;
  try {
    // not recursive: Node then never returns where the system says "not found" of a folder it will not make (/proc)
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    throw cannotWrite(path, error);
  }
}

/** New names are on the disk for good when their folder is; Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Is this the name of a file that was on its way to its place, or to this one? */
export function isTemporary(name: string, file?: string): boolean {
  const [, whose] = /^\.(.+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(name) ?? [];
  return whose !== undefined && (file === undefined || whose === file);
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}`);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}

function reason(error: unknown): string {
  const { errno } = error as NodeJS.ErrnoException;
  if (errno === undefined) throw error;
  return getSystemErrorMessage(errno);
}
