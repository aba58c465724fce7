/** A process of its own that adds one to a number in a file, slowly, under the folder's lock: `count-up.ts FOLDER`. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { locked } from "../folder-lock.ts";

const [folder = ""] = process.argv.slice(2);
const path = join(folder, "number");
await locked(folder, async () => {
  const number = Number(await readFile(path, "utf8"));
  await setTimeout(2);
  await writeFile(path, String(number + 1));
});
