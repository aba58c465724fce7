/** `backup FILE`: a copy of the store, while the app goes on serving. */
import { statSync } from "node:fs";
import type { StoreConfig } from "../config.ts";
import { backUp } from "../store/index.ts";

/** @returns what to print @throws StoreError */
export async function backup(file: string, { store }: StoreConfig): Promise<readonly string[]> {
  await backUp(store, file);
  return [
    `${file} is a whole copy of the store (${statSync(file).size} octets), checked by opening it.`,
    "To go back to it: stop the app, put it in the place of the store's file, remove that one's -wal and -shm, and start.",
  ];
}
