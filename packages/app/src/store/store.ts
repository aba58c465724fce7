/** The store as everybody sees it, whichever engine keeps it. */
import { Kysely } from "kysely";
import type { Engine } from "./engine.ts";
import { postgresDialect } from "./postgres.ts";
import type { Database } from "./schema.ts";
import { sqliteDialect } from "./sqlite.ts";

export type StoreTarget =
  { readonly file: string } | { readonly url: string; readonly password: string | undefined };

export type Store = {
  readonly engine: Engine;
  /** Queries throw Taken, StoreUnavailable, or a bug. */
  readonly db: Kysely<Database>;
  /** For messages: the file, or the server without its password. */
  readonly place: string;
  readonly close: () => Promise<void>;
};

export type StoreOptions = {
  /** Told of what no query was there to hear: an idle connection that broke. */
  readonly onTrouble: (error: Error) => void;
};

/**
 * Opens the store, and changes nothing in it: that is `migrateUp`.
 * @throws StoreError when the file cannot be opened; a server is asked at the first query
 */
export function openStore(target: StoreTarget, { onTrouble }: StoreOptions): Store {
  const isFile = "file" in target;
  const db = new Kysely<Database>({
    dialect: isFile ? sqliteDialect(target.file) : postgresDialect({ ...target, onTrouble }),
  });
  return {
    engine: isFile ? "sqlite" : "postgres",
    db,
    place: isFile ? target.file : target.url,
    close: () => db.destroy(),
  };
}
