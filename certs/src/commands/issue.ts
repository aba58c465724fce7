import { clearTheWay, makeEndEntity } from "../end-entity.ts";
import type { EndEntity } from "../end-entity.ts";
import { choosePassword } from "../password.ts";
import { report } from "../report.ts";
import { openRoot } from "../root.ts";

/** What `server` and `client` have in common on the command line. */
export type IssueOptions = {
  readonly folder: string;
  readonly days?: number;
  readonly password?: string;
  readonly force?: boolean;
};

/** Makes a certificate for one holder. Returns the lines to print. */
export async function issue(entity: EndEntity, options: IssueOptions): Promise<readonly string[]> {
  const { folder, days, force = false } = options;
  // everything that can be refused is refused before anybody is asked for a password
  await openRoot(folder);
  await clearTheWay(entity, folder, force);
  const { text, generated } = await choosePassword(options.password, `${entity.name}.p12`);
  const entry = await makeEndEntity(entity, { folder, days, password: text });
  const password = [`The password of ${entity.name}.p12 is ${text}`, "It is not kept anywhere else."];
  return [...report([entry], folder), ...(generated ? ["", ...password] : [])];
}
