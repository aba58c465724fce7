#!/usr/bin/env node
/** argv -> a command -> an exit code. Nothing imports this file. */
import { Command, CommanderError } from "commander";
import { pino } from "pino";
import { ConfigError } from "./config-error.ts";
import { loadConfig, loadStoreConfig } from "./config.ts";
import { ListenError } from "./listen.ts";
import { StoreError } from "./store/index.ts";

const program = new Command("sallyport-app")
  .description(
    "The backend behind Sallyport's gateway. Its settings are environment variables, listed in packages/app/README.md.",
  ) // prettier-ignore
  .helpCommand(false)
  .exitOverride()
  .configureOutput({ outputError: () => undefined });

program
  .command("serve", { isDefault: true })
  .description(
    "answer the gateway (also without a command); SIGHUP reads the gateway's secret again, SIGTERM drains",
  ) // prettier-ignore
  .action(async () => {
    const config = loadConfig(process.env);
    const { serve } = await import("./commands/serve.ts");
    await serve(config);
  });

const migrations = program.command("migrate").description("the store's tables; serve does `up` by itself");
for (const [direction, description] of [
  ["up", "bring them to this version's"],
  ["down", "take the latest change back, and with it what its tables hold"],
] as const) {
  migrations
    .command(direction)
    .description(description)
    .action(async () => {
      const { migrate } = await import("./commands/migrate.ts");
      print(await migrate(direction, loadStoreConfig(process.env)));
    });
}

program
  .command("backup <file>")
  .description("a whole copy of the SQLite store, while the app goes on serving; overwrites nothing")
  .action(async (file: string) => {
    const { backup } = await import("./commands/backup.ts");
    print(await backup(file, loadStoreConfig(process.env)));
  });

program
  .command("seed-demo")
  .description(
    'the user "test" with two entries, for trying things out; TEST_PASSWD in the environment is its password\'s hash',
  ) // prettier-ignore
  .action(async () => {
    const hash = process.env["TEST_PASSWD"];
    if (hash === undefined || hash === "")
      throw new ConfigError([
        "TEST_PASSWD is not set; allowed: a password's hash, such as werkzeug's generate_password_hash makes",
      ]);
    const { seedDemo } = await import("./commands/seed-demo.ts");
    print(await seedDemo(hash, loadStoreConfig(process.env)));
  });

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function end(error: unknown): never {
  if (error instanceof CommanderError) {
    // commander has already printed the help that somebody asked for, or that an empty line deserves
    const isHelp = error.code.startsWith("commander.help");
    const problem = error.message.replace(/^error: /, "").replace(/\.?$/, ".");
    if (!isHelp) process.stderr.write(`${problem} See: npm run app -- --help\n`);
    process.exit(isHelp ? error.exitCode : 1);
  }
  if (error instanceof ConfigError || error instanceof ListenError || error instanceof StoreError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  pino().fatal({ err: error }, "this is a bug in sallyport-app");
  process.exit(70);
}

process.on("uncaughtException", end);
await program.parseAsync().catch(end);
