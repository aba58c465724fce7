/** Files with secrets in them: only their owner may read them, and the file that is judged is the file that is read. */
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";

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
    throw new PrivateFileError(`${file} cannot be read (${code}); look at it: ls -l ${quote(file)}`);
  }
  try {
    // Asked of the open descriptor, so that the file judged is the file read.
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new PrivateFileError(`${file} is not a regular file.`);
    if ((status.mode & 0o077) !== 0) {
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

/** What to type to make a file that nobody can guess. */
export function makeSecret(file: string): string {
  return `make a secret: (umask 077 && openssl rand -hex 32 > ${quote(file)})`;
}

function quote(file: string): string {
  return /^[\w./~+-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
