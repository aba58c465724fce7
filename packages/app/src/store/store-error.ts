/** Why a query did not do what it was asked, the same for every engine. Whatever else a query throws is a bug. */

/** A value that may be there once is there already. Nothing was written. */
export class Taken extends Error {
  override readonly name = "Taken";
  readonly table: string;
  /** The columns of the uniqueness rule, in its order: `["title_key"]`, `["kind", "key"]`. */
  readonly columns: readonly string[];
  constructor(table: string, columns: readonly string[], cause: unknown) {
    super(`${table} (${columns.join(", ")}) holds this value already`, { cause });
    this.table = table;
    this.columns = columns;
  }
}

/** What keeps the store from answering: `busy` passes by itself, `full` wants room on the disk, `away` wants the server or the file back. */
export type Trouble = "busy" | "full" | "away";

/** The store cannot do it now; the same request may well succeed later. Becomes 503 with Retry-After. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
  readonly trouble: Trouble;
  constructor(trouble: Trouble, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`the store is ${trouble}: ${reason}`, { cause });
    this.trouble = trouble;
  }
}

/** The store cannot be opened, or not brought to this version's tables. The message is complete; the process exits with 1. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}
