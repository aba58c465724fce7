/** A failed read in plain words, and what mends it. */
import { statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * @param name as people know the file
 * @param file where it is
 * @param otherwise what to do where it is not there
 * @returns `what` goes on behind the name
 */
export function whyUnreadable(
  error: unknown,
  name: string,
  file: string,
  otherwise: string,
): { readonly what: string; readonly next: string } {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return { what: "does not exist", next: otherwise };
  if (code === "EACCES" || code === "EPERM") return notOurs(name, file);
  if (code === "EISDIR") return { what: "is a folder, not a file", next: "name the file in it" };
  return { what: `cannot be read (${String(code ?? error)})`, next: `look at it: ls -l ${name}` };
}

/** In a container a mounted file has the owner and the mode that it has on the host, by their numbers. */
function notOurs(name: string, file: string): { what: string; next: string } {
  const uid = process.getuid?.();
  if (uid === undefined) return { what: "may not be read by this user", next: "give this user that right" };
  const user = `may not be read by this user (uid ${uid})`;
  const found = statOf(file);
  if (found === undefined) {
    const folder = closedFolderOf(file);
    return { what: `${user}: the way to it ends at ${folder}`, next: `chmod o+x ${folder}` };
  }
  const mode = (found.mode & 0o777).toString(8).padStart(4, "0");
  return {
    what: `${user}: it belongs to uid ${found.uid} with mode ${mode}`,
    next: `chown ${uid} ${name} && chmod 400 ${name}; of a file that is mounted into a container, on its host`,
  };
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** The folder that may not be passed through: the last on the way that can still be looked at. */
function closedFolderOf(file: string): string {
  let folder = dirname(file);
  while (statOf(folder) === undefined && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
