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
  /** The values in the order of their numbers. */
  readonly read: (connection: Connection, form: NameForm) => readonly Value[];
};

/**
 * A value as characters; `undefined` or empty when there is nothing to tell. It is made when it is asked for: a value that
 * nobody wants is no reason to refuse anybody.
 * @throws IdentityError `subject-ambiguous`
 */
export type Value = () => string | undefined;
