import { serverNamed } from "../holders.ts";
import { nextCommand } from "../next-command.ts";
import { issue } from "./issue.ts";
import type { IssueOptions } from "./issue.ts";

export type ServerOptions = IssueOptions & { readonly name?: string | undefined };

/** `server NAME...`: makes a gateway's certificate, the demo's without a name. Returns the lines to print. */
export async function server(names: readonly string[], options: ServerOptions): Promise<readonly string[]> {
  const lines = await issue(serverNamed(names, options), options);
  const next = nextCommand('client "Grace Hopper"', options.folder);
  return [...lines, "", `Next, a certificate for a person: ${next}`];
}
