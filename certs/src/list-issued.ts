import { readIndex } from "./certificate-index.ts";
import type { IndexEntry } from "./index-entry.ts";

/** Every certificate that an authority's folder has issued, in the order of issue. Needs no key, and no lock. */
export async function listIssued(folder: string): Promise<readonly IndexEntry[]> {
  return (await readIndex(folder)).certificates;
}
