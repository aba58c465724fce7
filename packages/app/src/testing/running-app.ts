/** The app on a real port, asked with hand-written bytes: no client library tidies a header up on its way. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type NetConnectOpts } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { pino } from "pino";
import { createApp } from "../app.ts";
import { appKeys } from "../auth/app-keys.ts";
import { openGatewaySecret } from "../auth/gateway-secret.ts";
import { migrateUp, openStore, sessionTable, type Store } from "../store/index.ts";
import { openLimits } from "../auth/limits.ts";
import { openPasswords, type Passwords } from "../auth/password/passwords.ts";
import { tokenKey } from "../auth/token/token-keys.ts";
import { openTokens } from "../auth/token/tokens.ts";
import { readAll } from "./read-all.ts";
import { serve } from "./serve.ts";

export const secret = "a-secret-for-tests-0123456789-abcdef";
export const secretLine = `Sallyport-Secret: ${secret}`;
export const success = "SSL_CLIENT_VERIFY: SUCCESS";
export const grace = "SSL_CLIENT_S_DN: CN=Grace Hopper,ST=Virginia,C=US";
export const asBrowser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

export type Answer = {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
};

export type RunningApp = {
  readonly get: (path: string, ...lines: string[]) => Promise<Answer>;
  /** What the app logged, a JSON text an entry. */
  readonly log: readonly string[];
  /** In memory. */
  readonly store: Store;
  readonly target: { readonly host: string; readonly port: number };
};

/** @returns a folder that goes when the test ends */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-app-"));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

export function secretFile(context: TestContext, text = `${secret}\n`, mode = 0o600): string {
  const file = join(temporaryFolder(context), "backend.secret");
  writeFileSync(file, text, { mode });
  return file;
}

/** @param elsewhere a store that is not in memory, migrated */
export async function runningApp(
  context: TestContext,
  dialect = "ssl-client",
  passwords: Passwords = openPasswords({ cost: { memory: 64, passes: 1 } }), // cheap, for tests alone
  elsewhere?: Store,
): Promise<RunningApp> {
  const log: string[] = [];
  const store = elsewhere ?? (await memoryStore(context));
  const keys = appKeys(Buffer.alloc(32, 7));
  const app = createApp({
    dialect,
    secret: openGatewaySecret(secretFile(context)),
    keys,
    store,
    sessionRecords: sessionTable(store.db),
    passwords,
    limits: openLimits(),
    tokens: openTokens({ keys: () => [tokenKey(keys)] }),
    log: pino({}, { write: (line: string) => log.push(line) }),
  });
  const target = await serve(context, createServer(app));
  return { log, store, target, get: (path, ...lines) => get(target, path, ...lines) };
}

/** A store with all tables, that goes when the test ends. */
export async function memoryStore(context: TestContext): Promise<Store> {
  const store = openStore({ file: ":memory:" }, { onTrouble: () => undefined });
  context.after(() => store.close());
  await migrateUp(store);
  return store;
}

/** Sends the lines exactly as they are given, one byte a character, and reads the answer until the connection closes. */
export async function get(target: NetConnectOpts, path: string, ...lines: string[]): Promise<Answer> {
  const socket = connect(target);
  socket.setTimeout(5000, () => socket.destroy(new Error("no answer within 5 s")));
  const head = [`GET ${path} HTTP/1.1`, "Host: app.test", "Connection: close", ...lines];
  socket.write(`${head.join("\r\n")}\r\n\r\n`, "latin1");
  const text = await readAll(socket);
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...fields] = text.slice(0, end).split("\r\n");
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: new Map(
      fields.map((field) => [
        field.slice(0, field.indexOf(":")).toLowerCase(),
        field.slice(field.indexOf(":") + 2),
      ]),
    ),
    body: text.slice(end + 4),
  };
}
