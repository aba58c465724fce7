/** Files with secrets in them: their owner may read them, their group at most, and the file that is judged is the file that is read. */
import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";

/** The file cannot be used. The message is complete: which file, what is wrong, what to type. */
export class PrivateFileError extends Error {
  override readonly name = "PrivateFileError";
}

/**
 * @param whenMissing the rest of the sentence "FILE does not exist; ..."
 * @returns its octets, one a character
 * @throws PrivateFileError when it is not there, not a file, or open to others
 */
export function readPrivateFile(file: string, whenMissing: string): string {
  let descriptor;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT") throw new PrivateFileError(`${file} does not exist; ${whenMissing}`);
    throw new PrivateFileError(code === "EACCES" ? notOurs(file) : cannotBeRead(file, code));
  }
  try {
    // Asked of the open descriptor, so that the file judged is the file read.
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new PrivateFileError(`${file} is not a regular file.`);
    // A group may read: Kubernetes and systemd hand secrets to a process by its group, mode 0440.
    if ((status.mode & 0o037) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(4, "0");
      throw new PrivateFileError(
        `${file} is open to others than its owner (mode ${mode}); type: chmod 600 ${quote(file)}`,
      );
    }
    return readFileSync(descriptor, "latin1");
  } finally {
    closeSync(descriptor);
  }
}

function cannotBeRead(file: string, code: string): string {
  return `${file} cannot be read (${code}); look at it: ls -l ${quote(file)}`;
}

/** In a container a mounted file has the owner and the mode that it has on the host, by their numbers. */
function notOurs(file: string): string {
  const uid = process.getuid?.();
  try {
    const owner = statSync(file).uid;
    return `${file} belongs to uid ${owner} and cannot be read by this process, whose user is uid ${String(uid)}; type: chown ${String(uid)} ${quote(file)} && chmod 400 ${quote(file)} (of a file that is mounted into a container, on its host)`;
  } catch {
    return cannotBeRead(file, "EACCES, on the way to it");
  }
}

/** What to type to make a file that nobody can guess. */
export function makeSecret(file: string): string {
  return `make a secret: (umask 077 && openssl rand -hex 32 > ${quote(file)})`;
}

function quote(file: string): string {
  return /^[\w./~+-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
