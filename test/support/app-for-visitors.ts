/** The app as a process, and people in front of it as the gateway would let them through. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { secret } from "../../packages/app/src/testing/running-app.ts";
import { visitor, type Visitor } from "../../packages/app/src/testing/visitor.ts";
import { startApp, type RunningApp } from "./running-app.ts";
import type { Scope } from "./scope.ts";
import { tempFolder } from "./temp-folder.ts";

export type AppForVisitors = RunningApp & {
  /** Somebody with a certificate of this subject, or without one. */
  readonly visit: (subject?: string) => Visitor;
};

export async function startAppForVisitors(
  scope: Scope,
  env: Readonly<Record<string, string>> = {},
): Promise<AppForVisitors> {
  const secretFile = join(await tempFolder(scope), "backend.secret");
  await writeFile(secretFile, secret, { mode: 0o600 });
  const app = await startApp(scope, { SALLYPORT_BACKEND_SECRET_FILE: secretFile, ...env });
  const target = { host: "127.0.0.1", port: app.port };
  return { ...app, visit: (subject) => visitor(target, subject === undefined ? {} : { subject }) };
}
