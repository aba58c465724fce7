/** A copy of the tree, as a newcomer has it after `npm ci`, with its ports moved to free ones. */
import { existsSync } from "node:fs";
import { cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { freePort } from "./free-port.ts";
import type { Scope } from "./scope.ts";
import { tempFolder } from "./temp-folder.ts";

export type Checkout = { readonly folder: string; readonly gatewayPort: number; readonly appPort: number };

const root = join(import.meta.dirname, "..", "..");
/** What is made at run time is not part of a checkout. */
const notCopied = new Set(["flask-local", "node_modules"]);

export async function checkout(scope: Scope): Promise<Checkout> {
  const folder = await tempFolder(scope);
  for (const part of ["packages", "certs", "scripts", "package.json", "gateway.yaml"]) {
    await cp(join(root, part), join(folder, part), {
      recursive: true,
      filter: (path) => !notCopied.has(basename(path)),
    });
  }
  // npm puts a package beside its only reader when another one reads another version of it
  const readers = (await readdir(join(root, "packages"))).map((name) => join("packages", name));
  for (const place of [".", ...readers]) {
    const packages = join(root, place, "node_modules");
    if (existsSync(packages)) await symlink(packages, join(folder, place, "node_modules"));
  }
  const [gatewayPort, appPort] = [await freePort(), await freePort()];
  const configuration = await readFile(join(folder, "gateway.yaml"), "utf8");
  const moved = configuration.replace("port: 8443", `port: ${gatewayPort}`).replace(":5000/", `:${appPort}/`);
  await writeFile(join(folder, "gateway.yaml"), moved);
  return { folder, gatewayPort, appPort };
}
