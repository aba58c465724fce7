/** A PostgreSQL of Debian's, with data of its own, that can be stopped and started again. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Scope } from "../../support/scope.ts";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "../../support/free-port.ts";
import { folderOfNobody, runUnprivileged, startUnprivileged, type Unprivileged } from "./unprivileged.ts";

const programs = "/usr/lib/postgresql/15/bin";
const password = "a password: with @ and / in it";

export type RunningPostgres = {
  /** Of a new, empty database. */
  readonly createDatabase: () => Promise<{ readonly url: string; readonly password: string }>;
  /** A file with the password, as the app wants it. */
  readonly passwordFile: string;
  readonly query: (url: string, text: string) => Promise<readonly Record<string, unknown>[]>;
  /** `SIGQUIT`: at once, connections are cut and nothing is written. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
  readonly start: () => Promise<void>;
};

export async function startPostgres(context: Scope): Promise<RunningPostgres> {
  const folder = await folderOfNobody(context);
  const [data, passwordFile, port] = [join(folder, "data"), join(folder, "password"), await freePort()];
  await writeFile(passwordFile, `${password}\n`);
  await chmod(passwordFile, 0o644); // initdb reads it as somebody else
  await runUnprivileged(`${programs}/initdb`, ["--pgdata", data, "--username=sallyport", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8", "--locale=C", "--no-sync"]); // prettier-ignore
  await chmod(passwordFile, 0o600);
  const url = (database: string) => `postgres://sallyport@127.0.0.1:${port}/${database}`;
  const query = async (address: string, text: string) => {
    const given = new URL(address);
    given.password = encodeURIComponent(password);
    const asked = new pg.Client({ connectionString: given.href });
    await asked.connect();
    try {
      return (await asked.query<Record<string, unknown>>(text)).rows;
    } finally {
      await asked.end();
    }
  };
  let server: Unprivileged | undefined;
  const start = async (): Promise<void> => {
    // What a power cut does to PostgreSQL is not asked here: without fsync, it is back at once.
    server = await startUnprivileged(context, `${programs}/postgres`, ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]); // prettier-ignore
    for (const until = Date.now() + 60_000; Date.now() < until;) {
      if (await query(url("postgres"), "select 1").then(() => true, () => false)) return; // prettier-ignore
      await sleep(50);
    }
    throw new Error(`PostgreSQL does not answer. It said:\n${server.said()}`);
  };
  await start();
  let count = 0;
  return {
    passwordFile,
    query,
    start,
    stop: async (signal = "SIGINT") => {
      await server?.end(signal);
    },
    async createDatabase() {
      const name = `app${(count += 1)}`;
      await query(url("postgres"), `create database ${name}`);
      return { url: url(name), password };
    },
  };
}
