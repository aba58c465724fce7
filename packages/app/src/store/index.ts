/** The store's door. */
export { backUp } from "./back-up.ts";
export { foldKey } from "./fold-key.ts";
export { migrateDown, migrateUp } from "./migrate.ts";
export { normalForm } from "./normal-form.ts";
export { fromRedis, openRedis, type Redis, type RedisTarget } from "./redis.ts";
export type { Database } from "./schema.ts";
export type { SessionRecord, SessionRecords } from "./session-records.ts";
export { sessionRedis } from "./session-redis.ts";
export { sessionTable } from "./session-table.ts";
export { openStore, type Store, type StoreTarget } from "./store.ts";
export { StoreError, StoreUnavailable, Taken, type Trouble } from "./store-error.ts";
