import { client as holder } from "../holders.ts";
import type { Person } from "../holders.ts";
import { importGuide } from "../import-guide.ts";
import { shown } from "../store.ts";
import { issue } from "./issue.ts";
import type { IssueOptions } from "./issue.ts";

export type ClientOptions = IssueOptions & Person;

/** `client NAME`: makes a person's certificate. Returns the lines to print. */
export async function client(commonName: string, options: ClientOptions): Promise<readonly string[]> {
  const entity = holder(commonName, options);
  const lines = await issue(entity, options);
  return [...lines, "", ...importGuide(entity.name, shown(options.folder))];
}
