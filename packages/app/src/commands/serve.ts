/** `serve`: the store opened and brought up to date, one listening socket, signals. */
import { createServer } from "node:http";
import { pino } from "pino";
import { createApp } from "../app.ts";
import { openLimits } from "../auth/limits.ts";
import { redisCounters } from "../auth/redis-counters.ts";
import { openPasswords } from "../auth/password/passwords.ts";
import { tokenKey } from "../auth/token/token-keys.ts";
import { openTokens } from "../auth/token/tokens.ts";
import type { Config } from "../config.ts";
import { drain } from "../drain.ts";
import { listen } from "../listen.ts";
import { PrivateFileError } from "../private-file.ts";
import { migrateUp, openRedis, openStore, sessionRedis, sessionTable } from "../store/index.ts";

/** How often what is over is thrown away, in milliseconds. */
const sweepEvery = 15 * 60_000;

export async function serve({
  target,
  secret,
  dialect,
  keys,
  isDevelopment,
  ...config
}: Config): Promise<void> {
  const log = pino();
  const store = openStore(config.store, {
    onTrouble: (error) => { log.warn({ err: error }, "a connection to the store broke"); }, // prettier-ignore
  });
  for (const name of await migrateUp(store)) log.info({ migration: name }, "the store's tables were changed");
  const redis = config.redis && (await openRedis(config.redis, (error) => { log.warn({ err: error }, "the connection to Redis broke"); })); // prettier-ignore
  const sessionRecords = redis ? sessionRedis(redis) : sessionTable(store.db);
  const sweeping = setInterval(() => {
    sessionRecords.sweep().catch((error: unknown) => { log.warn({ err: error }, "old sessions were not thrown away"); }); // prettier-ignore
  }, sweepEvery).unref();
  const tokenKeys = [tokenKey(keys), ...config.previousKeys.map(tokenKey)] as const;
  const server = createServer(
    {
      // The gateway's own limit and what it injects must fit: a head that it let through is never too large here.
      maxHeaderSize: 32 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 60_000,
      // Longer than the gateway keeps an idle connection, so that the app never closes one just as it is used again.
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 5_000,
    },
    createApp({
      dialect,
      secret,
      keys,
      previousKeys: config.previousKeys,
      store,
      sessionRecords,
      passwords: openPasswords(),
      limits: openLimits(redis && redisCounters(redis)),
      tokens: openTokens({ keys: () => tokenKeys, accessLifetime: config.accessLifetime }),
      log,
      isDevelopment,
    }),
  );

  process.on("SIGHUP", () => {
    try {
      secret.reload();
      log.info("gateway secret read again; the one before is accepted until the next SIGHUP");
    } catch (error) {
      if (!(error instanceof PrivateFileError)) throw error;
      log.error(`gateway secret not changed: ${error.message}`);
    }
  });
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, "draining");
    clearInterval(sweeping);
    drain(server, () => {
      redis?.destroy();
      void store.close().then(() => { log.info("stopped"); }); // prettier-ignore
    });
    // The second signal finds no listener and ends the process at once.
    process.off("SIGTERM", stop).off("SIGINT", stop);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);

  log.info({ address: await listen(server, target), dialect, store: store.place }, "listening");
}
