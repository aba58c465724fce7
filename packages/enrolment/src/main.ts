#!/usr/bin/env node
/** argv -> a command -> an exit code. Nothing imports this file. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { listInvitations } from "./commands/invitations.ts";
import { invite, type InviteOptions } from "./commands/invite.ts";
import { withdraw } from "./commands/withdraw.ts";
import { loadConfig } from "./config.ts";
import { StartError } from "./start-error.ts";

type Given = { readonly config: string };

const program = new Command("sallyport-enrolment")
  .description("Certificates for people and machines that ask for them: EST and one-time links, behind the gateway.")
  .helpCommand(false)
  .exitOverride()
  .configureOutput({ outputError: () => undefined }); // prettier-ignore

const command = (usage: string, description: string) =>
  program
    .command(usage)
    .description(description)
    .option("-c, --config <file>", "its settings, see docs/enrolment.md", "enrolment.yaml");

command("serve", "answer the gateway; SIGHUP reads secret and authority again, SIGTERM drains").action(
  async ({ config }: Given) => {
    const settings = loadConfig(config);
    // the other commands do without Express, and without whatever signs certificates
    const { serve } = await import("./commands/serve.ts");
    await serve(settings);
  },
);

command("invite <name>", 'give somebody a right to one certificate: invite "Grace Hopper"')
  .option("--email <address>", "e-mail address, for subjectAltName")
  .option("--upn <name>", "user principal name, for subjectAltName")
  .option("--group <name>", "a group they are in, an OU; as often as needed", oneMore)
  .option("--valid <time>", "how long the invitation is good: 3d, 12h, 30m", duration, duration("3d"))
  .option("--name <name>", "what the authority's list calls it (default: the name in lower case)")
  .option("--allow-ambiguous", "even a name that an old backend could take for another")
  .action((name: string, { config, ...options }: Given & InviteOptions) => {
    print(invite(loadConfig(config), name, options));
  });

command("invitations", "all invitations, and what has become of them").action(({ config }: Given) => {
  print(listInvitations(loadConfig(config)));
});

command("withdraw <number>", "take an invitation back").action((number: string, { config }: Given) => {
  print(withdraw(loadConfig(config), number));
});

function duration(text: string): number {
  const [, count = "", unit = ""] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  if (count === "") throw new InvalidArgumentError("It is a number with m, h or d behind it, such as 3d.");
  return Number(count) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[unit as "m" | "h" | "d"];
}

function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // commander has already printed the help that somebody asked for, or that an empty line deserves
    const isHelp = error.code.startsWith("commander.help");
    process.exitCode = isHelp ? error.exitCode : 1;
    const problem = error.message.replace(/^error: /, "").replace(/\.?$/, ".");
    if (!isHelp) process.stderr.write(`${problem} See: npm run enrolment -- --help\n`);
  } else if (error instanceof StartError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a bug in sallyport-enrolment; please report it.\n`,
    );
    process.exitCode = 70;
  }
}
