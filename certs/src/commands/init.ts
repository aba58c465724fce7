import { nextCommand } from "../next-command.ts";
import { report } from "../report.ts";
import { makeRoot } from "../root.ts";
import type { RootOptions } from "../root.ts";

/** `init`: makes the root. Returns the lines to print. */
export async function init(options: RootOptions): Promise<readonly string[]> {
  const root = await makeRoot(options);
  return [
    ...report([root], options.folder),
    "",
    `Next, a certificate for the gateway: ${nextCommand("server", options.folder)}`,
  ];
}
