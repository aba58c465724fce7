/** The store's door. */
export { foldKey } from "./fold-key.ts";
export { migrateDown, migrateUp } from "./migrate.ts";
export type { Database } from "./schema.ts";
export type { SessionRecord, SessionRecords } from "./session-records.ts";
export { sessionTable } from "./session-table.ts";
export { openStore, type Store, type StoreTarget } from "./store.ts";
export { StoreError, StoreUnavailable, Taken, type Trouble } from "./store-error.ts";
