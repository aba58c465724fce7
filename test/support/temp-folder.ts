import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scope } from "./scope.ts";

/** A folder of its own, gone when the test is over. */
export async function tempFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-e2e-"));
  scope.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
