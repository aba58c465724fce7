/** The backend as a process, on a free port, with a secret of its own. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProcess, type RunningProcess } from "./running-process.ts";
import type { Scope } from "./scope.ts";
import { tempFolder } from "./temp-folder.ts";

const main = join(import.meta.dirname, "../../packages/app/src/main.ts");

export type RunningApp = RunningProcess & { readonly port: number; readonly secretFile: string };

export async function startApp(
  scope: Scope,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningApp> {
  const folder = await tempFolder(scope);
  const secretFile = join(folder, "backend.secret");
  await writeFile(secretFile, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  const app = runProcess(scope, [main], {
    SALLYPORT_APP_PORT: "0",
    SALLYPORT_APP_DATA: join(folder, "data"),
    SALLYPORT_BACKEND_SECRET_FILE: secretFile,
    ...env,
  });
  const { address } = await app.logged(({ msg }) => msg === "listening");
  return { ...app, port: Number(new URL(String(address)).port), secretFile };
}
