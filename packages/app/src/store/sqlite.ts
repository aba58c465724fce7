/** SQLite in one file, by Node's own module. Made at the first start, readable by its owner alone. */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from "kysely";
import { fromSqlite } from "./engine.ts";
import { StoreError, StoreUnavailable } from "./store-error.ts";

/** Milliseconds that a query waits for whoever else is writing to the file. */
const patience = 3000;

/** Kysely on one file. Closed by `Kysely.destroy()`. @throws StoreError when it cannot be opened */
export function sqliteDialect(file: string): Dialect & { readonly database: DatabaseSync } {
  const database = open(file);
  return {
    database,
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new SqliteDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** SQLite changes tables within transactions, so that a migration is there whole or not at all, and one process makes it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function open(file: string): DatabaseSync {
  let database;
  try {
    if (file !== ":memory:") {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      closeSync(openSync(file, "a", 0o600)); // SQLite itself would let others read it
    }
    database = new DatabaseSync(file, { timeout: patience, enableForeignKeyConstraints: true });
    // FULL: an answer is sent after the write has reached the disk, so that neither kill -9 nor a power cut takes it back.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    // From here on waiting is ours (below): SQLite's own would stop the whole process.
    database.exec("PRAGMA busy_timeout = 10");
    return database;
  } catch (error) {
    database?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(`${file} cannot be opened (${reason}). Look at it: ls -l '${dirname(file)}'`, {
      cause: error,
    });
  }
}

/** One connection. Kysely hands it out to one at a time, so that nobody's queries get in between those of a transaction. */
class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#connection = new SqliteConnection(database);
  }

  async init(): Promise<void> {
    // It is open.
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  async releaseConnection(): Promise<void> {
    // It stays open.
  }

  /** Takes the right to write at once: a transaction that only asks for it at its first write can be refused half-way. */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // When the disk is full, SQLite has rolled back by itself.
    if (this.#database.isTransaction) await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
    return Promise.resolve();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const until = performance.now() + patience;
    for (;;) {
      try {
        return this.#run<Row>(query);
      } catch (error) {
        const told = fromSqlite(error);
        const isBusy = told instanceof StoreUnavailable && told.trouble === "busy";
        if (!isBusy || this.#database.isTransaction || performance.now() > until) throw told;
      }
      await sleep(5 + Math.random() * 20);
    }
  }

  #run<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const statement = this.#database.prepare(sql);
    const values = parameters as readonly SQLInputValue[];
    if (statement.columns().length > 0) {
      // Without the copy, rows would have no prototype, as they have in no other engine.
      return { rows: statement.all(...values).map((row) => ({ ...row }) as Row) };
    }
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    await Promise.reject(new Error("This store reads pages, not streams."));
  }
}
