/** Where a peer's program is. Debian keeps servers in /usr/sbin, which an ordinary user's PATH does not name. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { BenchError } from "./bench-error.ts";

export class ProgramMissing extends BenchError {}

/** @throws ProgramMissing with the name of the package */
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
    `${name} is not installed. Debian's package is ${debianPackage}: bash test/setup-debian installs it.`,
  );
}
