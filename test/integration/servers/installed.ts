import { access } from "node:fs/promises";

/**
 * Sees to it that a file of a Debian package is there. A server that is missing fails the run: a comparison that is
 * skipped looks exactly like one that succeeded.
 *
 * @throws Error with the command that installs it
 */
export async function installed(path: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch {
    throw new Error(
      `${path} is not there. Install what the integration tests need on Debian 12: bash test/setup-debian`,
    );
  }
}
