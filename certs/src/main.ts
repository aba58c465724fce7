#!/usr/bin/env node
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { CertsError } from "./certs-error.ts";
import type { ClientOptions } from "./commands/client.ts";
import type { DemoCommandOptions } from "./commands/demo.ts";
import type { IssueOptions } from "./commands/issue.ts";
import type { RootOptions } from "./root.ts";
import { defaultFolder, shown } from "./store.ts";

const helpLine = "See: npm run certs -- --help";

function days(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 to 99999.");
  return Number(text);
}

function filledPassword(text: string): string {
  if (text === "") throw new InvalidArgumentError("A password is not empty.");
  return text;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

const program = new Command("sallyport-certs")
  .description("A local certificate authority: a root, a server and the people who log in.")
  .helpCommand(false)
  .exitOverride()
  .configureOutput({ outputError: () => undefined });

function command(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option("-o, --out <dir>", `folder of the certificates (default: ${shown(defaultFolder)})`)
    .option("--force", "replace what is there");
}

const daysOption = ["--days <number>", "how long it is valid, at most until the root ends", days] as const;
const passwordOption = ["--password <text>", "password of the .p12", filledPassword] as const;

type Parsed<Options> = Omit<Options, "folder"> & { readonly out?: string };
const located = <Options extends object>({ out, ...rest }: Parsed<Options>) => ({
  ...rest,
  folder: out === undefined ? defaultFolder : resolve(out),
});

// Each command is loaded when it runs: the libraries behind them take longer to load than a mistake takes to answer
command("demo", "make what is missing of root, server, Grace Hopper and Cecilia Payne")
  .option("--password <text>", 'password of every .p12 (default: "password")', filledPassword)
  .action(async (options: Parsed<DemoCommandOptions>) => {
    const { demo } = await import("./commands/demo.ts");
    print(await demo(located(options)));
  });

command("init", "make the root")
  .option("--days <number>", "how long it is valid (default: 1024)", days)
  .action(async (options: Parsed<RootOptions>) => {
    const { init } = await import("./commands/init.ts");
    print(await init(located(options)));
  });

command("server", "make the gateway's certificate")
  .option(...daysOption)
  .option(...passwordOption)
  .action(async (options: Parsed<IssueOptions>) => {
    const { server } = await import("./commands/server.ts");
    print(await server(located(options)));
  });

command("client <name>", 'make a person\'s certificate: client "Grace Hopper"')
  .option(...daysOption)
  .option(...passwordOption)
  .option("--name <file>", "name of the files (default: the first name in lower case)")
  .option("--email <address>", "e-mail address, for subjectAltName")
  .action(async (name: string, options: Parsed<ClientOptions>) => {
    const { client } = await import("./commands/client.ts");
    print(await client(name, located(options)));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CertsError) {
    console.error(error.message);
    process.exitCode = 1;
  } else if (error instanceof CommanderError) {
    // commander has already printed the help that somebody asked for, or that an empty line deserves
    if (error.code.startsWith("commander.help")) {
      process.exitCode = error.exitCode;
    } else {
      console.error(`${error.message.replace(/^error: /, "").replace(/\.?$/, ".")} ${helpLine}`);
      process.exitCode = 1;
    }
  } else {
    console.error(error);
    process.exitCode = 70;
  }
}
