/** A process of its own that takes a folder's lock, leaves something half written, says so, and never lets go. */
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { locked } from "../folder-lock.ts";

const [folder = ""] = process.argv.slice(2);
await locked(folder, async () => {
  await writeFile(join(folder, `.half.key.${randomUUID()}`), "half a key");
  process.stdout.write("held\n");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
