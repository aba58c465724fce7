/** The gateway's half of the contract. */
import type { Connection, Dialect, HeaderLine } from "./dialects/dialect.ts";

/** How a route speaks to its backend: one dialect, what it is to say, and how the names are spelled. */
export type Speech = {
  readonly dialect: Dialect;
  /** Of the dialect's variables, those wanted; `undefined`: its usual ones. */
  readonly variables: readonly string[] | undefined;
  /**
   * `as-is` is the dialect's own spelling. `hyphen` writes `SSL-CLIENT-S-DN`: Werkzeug since 2.3 and gunicorn since 22
   * drop names with underscores. Readers fold both into one.
   */
  readonly spelling: "as-is" | "underscore" | "hyphen";
};

/**
 * Everything a backend is told about a connection, in the order of the dialects.
 * @returns lines without controls; characters up to U+00FF, each one octet on the wire
 * @throws IdentityError `subject-ambiguous` when a dialect cannot carry the subject soundly
 */
export function writeIdentity(connection: Connection, speeches: readonly Speech[]): HeaderLine[] {
  return speeches.flatMap(({ dialect, variables, spelling }) =>
    dialect.write(connection, { variables }).map(([name, value]): HeaderLine => {
      // Every dialect promises this. Should one break its promise, nothing is sent rather than a line of somebody else's.
      if (/[^\x20-\x7e\x80-\xff]/.test(value))
        throw new TypeError(`${dialect.name} cannot write ${name} as a line.`);
      return [spell(name, spelling), value];
    }),
  );
}

function spell(name: string, spelling: Speech["spelling"]): string {
  if (spelling === "as-is") return name;
  return spelling === "hyphen" ? name.replaceAll("_", "-") : name.replaceAll("-", "_");
}
