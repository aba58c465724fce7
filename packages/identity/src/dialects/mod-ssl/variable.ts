/** One variable of mod_ssl, or one family of numbered ones. */
import type { Connection } from "../dialect.ts";
import type { NameForm } from "./name-form.ts";

export type Variable = {
  readonly name: string;
  /**
   * `from the second`: `SSL_CLIENT_S_DN_OU`, `SSL_CLIENT_S_DN_OU_1`, ...
   * `from the first`: `SSL_CLIENT_SAN_Email_0`, `SSL_CLIENT_SAN_Email_1`, ...
   */
  readonly numbering: "none" | "from the second" | "from the first";
  /**
   * The values as characters, in the order of their numbers; `undefined` or empty for one that is not to be told.
   * @throws IdentityError `subject-ambiguous`
   */
  readonly read: (connection: Connection, form: NameForm) => readonly (string | undefined)[];
};
