/** Every variable of mod_ssl that can be told, and how a route's list of names becomes header lines. */
import { splitVariable } from "../has-variable.ts";
import type { Connection, HeaderLine } from "../dialect.ts";
import { toWire } from "../../wire/header-lines.ts";
import { certificateVariables } from "./certificate-variables.ts";
import { clientVariables } from "./client-variables.ts";
import { connectionVariables } from "./connection-variables.ts";
import type { NameForm } from "./name-form.ts";
import type { Variable } from "./variable.ts";

const serverVariables = certificateVariables({
  prefix: "SSL_SERVER_",
  certificateOf: ({ server }) => server,
  printSubject: (subject, form) => form.printTrusted(subject),
  // The operator's own certificate: nobody is refused for it. A space that HTTP would take away is written as in a DN.
  whenUntellable: (value) => value?.replace(/^ | $/g, "\\20"),
});

const variables: readonly Variable[] = [...clientVariables, ...serverVariables, ...connectionVariables];
const variableOf = new Map(variables.map((variable) => [variable.name, variable]));

/** The names without a number, as they are written. */
export const variableNames: readonly string[] = variables
  .filter(({ numbering }) => numbering !== "from the first")
  .map(({ name }) => name);

/**
 * What a route may list: `SSL_CLIENT_S_DN_OU` is the first OU, `SSL_CLIENT_S_DN_OU_1` the second and
 * `SSL_CLIENT_S_DN_OU_n` all of them; `SSL_CLIENT_SAN_Email` and `SSL_CLIENT_SAN_Email_n` are all of them.
 */
export const selectableNames: readonly string[] = variables.flatMap(({ name, numbering }) =>
  numbering === "none" ? [name] : [name, `${name}_n`],
);

/**
 * @param names as a route lists them; one that is no variable is left out, as one without a value is
 * @throws IdentityError `subject-ambiguous`
 */
export function writeVariables(
  names: readonly string[],
  connection: Connection,
  form: NameForm,
): HeaderLine[] {
  const lines = new Map(
    names.flatMap((name) => linesOf(name, connection, form)).filter(([, value]) => Boolean(value)),
  );
  return Array.from(lines, ([name, value = ""]): HeaderLine => [name, toWire(value)]);
}

type Line = readonly [name: string, value: string | undefined];

function linesOf(name: string, connection: Connection, form: NameForm): readonly Line[] {
  const plain = variableOf.get(name);
  if (plain && plain.numbering !== "from the first") return [[name, plain.read(connection, form)[0]?.()]];
  const { stem, number } = splitVariable(name);
  const variable = variableOf.get(stem);
  if (!variable || variable.numbering === "none") return [];
  const values = variable.read(connection, form);
  if (number !== undefined) return [[name, values[number]?.()]];
  return values.map((value, at) => [
    at === 0 && variable.numbering === "from the second" ? stem : `${stem}_${at}`,
    value(),
  ]);
}
