/** Which variables a route may ask a dialect for. */
import type { Dialect } from "./dialect.ts";

/** `SSL_CLIENT_S_DN_OU_1` -> `SSL_CLIENT_S_DN_OU` and `1`. Numbers are written as mod_ssl does: from 0, no zeros in front. */
const numbered = /^(.+)_(?:n|(0|[1-9]\d{0,3}))$/;

/** @returns the name without its number, and the number; `undefined` for `_n`, which means all of them, or without one */
export function splitVariable(name: string): { readonly stem: string; readonly number: number | undefined } {
  const [, stem = name, number] = numbered.exec(name) ?? [];
  return { stem, number: number === undefined ? undefined : Number(number) };
}

/**
 * A name is legal when the dialect lists it. Where the list has a name that ends in `_n`, as in Apache's documentation,
 * a number from 0 to 9999 may stand for the `n`; the `n` itself asks for every number there is.
 */
export function hasVariable(dialect: Dialect, name: string): boolean {
  const { stem } = splitVariable(name);
  const { variables = [] } = dialect;
  return variables.includes(name) || (stem !== name && variables.includes(`${stem}_n`));
}
