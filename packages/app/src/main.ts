#!/usr/bin/env node
/** The app's process: environment in, one listening socket, signals. Nothing imports this file. */
import { createServer } from "node:http";
import { pino } from "pino";
import { createApp } from "./app.ts";
import { GatewaySecretError } from "./auth/gateway-secret.ts";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./config.ts";
import { drain } from "./drain.ts";
import { listen, ListenError } from "./listen.ts";

const log = pino();

function end(error: unknown): never {
  if (error instanceof ConfigError || error instanceof ListenError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  log.fatal({ err: error }, "this is a bug in sallyport-app");
  process.exit(70);
}

async function main(): Promise<void> {
  if (process.argv.length > 2) {
    throw new ConfigError([
      `sallyport-app takes no arguments (found ${process.argv.slice(2).join(" ")}); its settings are environment variables, listed in its README.md`,
    ]);
  }
  const { target, secret, dialect } = loadConfig(process.env);
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
    createApp({ dialect, secret, log }),
  );

  process.on("SIGHUP", () => {
    try {
      secret.reload();
      log.info("gateway secret read again; the one before is accepted until the next SIGHUP");
    } catch (error) {
      if (!(error instanceof GatewaySecretError)) throw error;
      log.error(`gateway secret not changed: ${error.message}`);
    }
  });
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, "draining");
    drain(server, () => {
      log.info("stopped");
    });
    // The second signal finds no listener and ends the process at once.
    process.off("SIGTERM", stop).off("SIGINT", stop);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);

  log.info({ address: await listen(server, target), dialect }, "listening");
}

process.on("uncaughtException", end);
await main().catch(end);
