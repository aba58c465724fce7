/** What the dialects of the mod_ssl family share: everything but the way a name is printed. */
import type { Dialect } from "../dialect.ts";
import type { NameForm } from "./name-form.ts";
import { readHeaders } from "./read-headers.ts";
import { selectableNames, variableNames, writeVariables } from "./variables.ts";

/** The four headers that backends read most. */
const usual = ["SSL_SERVER_S_DN_OU", "SSL_CLIENT_S_DN", "SSL_CLIENT_I_DN"];

export function modSslDialect(name: string, form: NameForm): Dialect {
  return {
    name,
    headerNames: variableNames,
    headerFamilies: ["ssl_"],
    variables: selectableNames,
    // What is not there is left out. Apache writes the text `(null)`: truthy, and a name to a careless backend.
    // The verdict is always told: without it no reader believes anything.
    write: (connection, { variables = usual } = {}) =>
      writeVariables([...variables, "SSL_CLIENT_VERIFY"], connection, form),
    read: (lines) => readHeaders(lines, form),
  };
}
