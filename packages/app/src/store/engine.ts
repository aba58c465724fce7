/** Where SQLite and PostgreSQL differ, and nowhere else: columns that count up, and what their drivers throw. */
import type { ColumnDefinitionBuilder } from "kysely";
import { StoreUnavailable, Taken } from "./store-error.ts";

export type Engine = "sqlite" | "postgres";

/** A primary key that the engine counts up, and never hands out twice. */
export function identityColumn(engine: Engine) {
  return {
    type: engine === "sqlite" ? ("integer" as const) : ("bigint" as const),
    build: (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
      engine === "sqlite"
        ? column.primaryKey().autoIncrement()
        : column.primaryKey().generatedAlwaysAsIdentity(),
  };
}

/** The name of a uniqueness rule: PostgreSQL tells nothing but it, in a language that does not change. */
export function ruleName(table: string, ...columns: string[]): string {
  return `${table}__${columns.join("__")}`;
}

/** What node:sqlite threw, as the store says it. */
export function fromSqlite(error: unknown): unknown {
  if (!(error instanceof Error) || !("errcode" in error)) return error;
  const code = Number(error.errcode);
  // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY: "UNIQUE constraint failed: identities.kind, identities.key"
  if (code === 2067 || code === 1555) {
    const names = error.message.replace(/^.*: /, "").split(", ");
    const [table = ""] = (names[0] ?? "").split(".");
    return new Taken(table, names.map((name) => name.slice(table.length + 1)), error); // prettier-ignore
  }
  switch (code & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new StoreUnavailable("busy", error);
    case 13: // SQLITE_FULL
      return new StoreUnavailable("full", error);
    case 8: // SQLITE_READONLY
    case 10: // SQLITE_IOERR
    case 14: // SQLITE_CANTOPEN
      return new StoreUnavailable("away", error);
    default:
      return error;
  }
}

/** What pg threw, as the store says it. Without a five-character SQLSTATE it is not the server's word, but about its absence. */
export function fromPostgres(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const state = "code" in error && "severity" in error ? String(error.code) : undefined;
  if (state === undefined) return new StoreUnavailable("away", error);
  if (state === "23505") {
    const rule = "constraint" in error ? String(error.constraint) : "";
    const [table = "", ...columns] = rule.split("__");
    return new Taken(table, columns, error);
  }
  // lock_not_available, serialization_failure, deadlock_detected, query_canceled (by its time limit)
  if (["55P03", "40001", "40P01", "57014"].includes(state)) return new StoreUnavailable("busy", error);
  if (state === "53100") return new StoreUnavailable("full", error);
  // connections, resources, shutdown and start-up, read-only servers, passwords and databases that are not (any more) right
  if (/^(?:08|53|57P|28|3D|25006|58)/.test(state)) return new StoreUnavailable("away", error);
  return error;
}
