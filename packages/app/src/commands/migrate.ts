/** `migrate`: the store's tables, up to this version's or one step back. */
import type { StoreConfig } from "../config.ts";
import { migrateDown, migrateUp, openStore } from "../store/index.ts";

/** @returns what to print @throws StoreError */
export async function migrate(direction: "up" | "down", config: StoreConfig): Promise<readonly string[]> {
  const store = openStore(config.store, { onTrouble: () => undefined });
  try {
    const names = await (direction === "up" ? migrateUp(store) : migrateDown(store));
    if (names.length === 0) return [`${store.place} is as it should be: nothing to do.`];
    return names.map((name) => `${name} was ${direction === "up" ? "made" : "taken back"} in ${store.place}`);
  } finally {
    await store.close();
  }
}
