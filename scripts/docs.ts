/** `npm run docs`: writes what is generated. `--check` only says whether it is up to date. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationReference } from "../packages/gateway/src/config/reference.ts";

const file = join(import.meta.dirname, "..", "docs", "configuration.md");
const text = configurationReference();

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("docs/configuration.md is not what the schema says. Run: npm run docs\n");
  process.exitCode = 1;
}
