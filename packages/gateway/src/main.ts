#!/usr/bin/env node
/** argv -> a command -> an exit code. Nothing imports this file. */
import { Command } from "commander";
import { serve } from "./commands/serve.ts";
import { ConfigError } from "./config/config-error.ts";

const program = new Command("sallyport").description("A mutual-TLS identity gateway.").version("0.1.0");

program
  .command("serve")
  .description("listen, verify, and forward; SIGHUP reloads, SIGTERM drains")
  .requiredOption("--config <file>", "the gateway's configuration, gateway.yaml")
  .action(async ({ config }: { config: string }) => {
    // All is answered and written: what a source of revocation still waits for keeps nobody here.
    process.exit(await serve(config, process.env));
  });

program
  .command("worker", { hidden: true })
  .requiredOption("--config <file>")
  .action(async ({ config }: { config: string }) => {
    // Nobody but a worker loads what speaks with clients before it is needed.
    const { work } = await import("./commands/worker.ts");
    process.exit(await work(config));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a bug in sallyport; please report it.\n`,
    );
    process.exitCode = 70;
  }
}
