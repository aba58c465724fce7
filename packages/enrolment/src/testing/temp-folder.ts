import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @returns a folder that goes when the test ends */
export function tempFolder(context: { readonly after: (undo: () => void) => void }): string {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-enrolment-"));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}
