/** `npm run docs`: writes what is generated. `--check` only says whether it is up to date. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationReference } from "../packages/gateway/src/config/reference.ts";
import { dialectExamples } from "../packages/identity/src/testing/dialect-examples.ts";

const root = join(import.meta.dirname, "..");
const checking = process.argv.includes("--check");

keep("docs/configuration.md", () => configurationReference());
keep("packages/identity/README.md", (text) => {
  const [before = "", , after = ""] = text.split(/(?<=<!-- examples: .* -->\n)|(?=<!-- \/examples -->)/);
  return `${before}\n${dialectExamples()}\n${after}`;
});

/** @param write the file's text as it is -> as it should be */
function keep(file: string, write: (text: string) => string): void {
  const path = join(root, file);
  const is = readFileSync(path, "utf8");
  const should = write(is);
  if (is === should) return;
  if (!checking) writeFileSync(path, should);
  else {
    process.stderr.write(`${file} is not what the code says. Run: npm run docs\n`);
    process.exitCode = 1;
  }
}
