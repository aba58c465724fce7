/** Brings the tables to what this version wants, or back. One process at a time does it, and the others wait. */
import { Migrator, type MigrationResultSet } from "kysely/migration";
import { migrations } from "./migrations/index.ts";
import type { Store } from "./store.ts";
import { StoreError, StoreUnavailable } from "./store-error.ts";

/**
 * Runs every migration that is missing.
 * @returns the names of those that ran
 * @throws StoreError when one fails (it has left nothing behind), or when a newer version has been here
 */
export async function migrateUp(store: Store): Promise<readonly string[]> {
  return outcome(store, await migrator(store).migrateToLatest());
}

/** Takes the latest migration back, and with it everything that its tables hold. @throws StoreError */
export async function migrateDown(store: Store): Promise<readonly string[]> {
  return outcome(store, await migrator(store).migrateDown());
}

function migrator({ db, engine }: Store): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations(engine)) },
  });
}

function outcome(store: Store, { error, results = [] }: MigrationResultSet): readonly string[] {
  if (error === undefined) return results.map(({ migrationName }) => migrationName);
  const reason = error instanceof Error ? error.message : JSON.stringify(error);
  const isTransient = error instanceof StoreUnavailable;
  const next = isTransient
    ? "Start again when it can be used."
    : "Nothing was changed. A store that a newer version has used wants that version.";
  throw new StoreError(`The tables in ${store.place} could not be brought up to date (${reason}). ${next}`, {
    cause: error,
  });
}
