import { clearTheWay, makeEndEntity } from "../end-entity.ts";
import type { EndEntity, IssueSettings } from "../end-entity.ts";
import { choosePassword } from "../password.ts";
import { report } from "../report.ts";
import { openAuthority } from "../open-authority.ts";

/** What `server` and `client` have in common on the command line. */
export type IssueOptions = IssueSettings & { readonly password?: string | undefined };

/** Makes a certificate for one holder. Returns the lines to print. */
export async function issue(entity: EndEntity, options: IssueOptions): Promise<readonly string[]> {
  const { folder, force = false } = options;
  // everything that can be refused is refused before anybody is asked for a password
  const authority = await openAuthority(folder, options);
  await clearTheWay(entity, folder, force);
  const { text, generated } = await choosePassword(options.password, `${entity.name}.p12`);
  const entry = await makeEndEntity(entity, { ...options, authority, password: text });
  return [...report([entry], folder), ...(generated ? ["", ...shownPassword(entity.name, text)] : [])];
}

/** Says once what nobody else knows. */
export function shownPassword(name: string, text: string): readonly string[] {
  return [`The password of ${name}.p12 is ${text}`, "It is not kept anywhere else."];
}
