import { demoPassword, makeDemo } from "../demo.ts";
import { importGuide } from "../import-guide.ts";
import { report } from "../report.ts";
import { nextCommand } from "../next-command.ts";
import { opensPkcs12 } from "../pkcs12.ts";
import { pathsOf, readStored, shown } from "../store.ts";

export type DemoCommandOptions = {
  readonly folder: string;
  readonly password?: string;
  readonly force?: boolean;
};

/** `demo`: makes whatever is missing of root, server, Grace and Cecilia. Returns the lines to print. */
export async function demo(options: DemoCommandOptions): Promise<readonly string[]> {
  const { folder, password = demoPassword } = options;
  const entries = await makeDemo(options);
  // a file that was already there may have been made with another password
  const { p12 } = pathsOf(folder, "grace");
  const opens = opensPkcs12(await readStored(p12, nextCommand("demo --force", folder)), password);
  return [
    ...report(entries, folder),
    "",
    ...importGuide("grace", shown(folder), opens ? password : undefined),
  ];
}
