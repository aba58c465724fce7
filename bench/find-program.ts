/** Where a peer's program is. Debian keeps servers in /usr/sbin, which an ordinary user's PATH does not name. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { BenchError } from "./bench-error.ts";

export class ProgramMissing extends BenchError {}

/** @throws ProgramMissing with what installs it */
export function findProgram(name: string, debianPackage: string): string {
  for (const folder of [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"]) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not here
    }
  }
  throw new ProgramMissing(
    `${name} is not installed. On Debian: sudo apt-get install --no-install-recommends ${debianPackage}`,
  );
}

/** @returns what the program calls its version: the first thing in what it says that looks like one */
export function versionOf(program: string, flag: string): string {
  const { stdout, stderr } = spawnSync(program, [flag], { encoding: "utf8" });
  return /(?<!\d)\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? "of unknown version";
}
