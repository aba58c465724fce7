import { server as holder } from "../holders.ts";
import { nextCommand } from "../next-command.ts";
import { issue } from "./issue.ts";
import type { IssueOptions } from "./issue.ts";

/** `server`: makes the gateway's certificate. Returns the lines to print. */
export async function server(options: IssueOptions): Promise<readonly string[]> {
  const lines = await issue(holder, options);
  const next = nextCommand('client "Grace Hopper"', options.folder);
  return [...lines, "", `Next, a certificate for a person: ${next}`];
}
