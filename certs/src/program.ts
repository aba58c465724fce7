/**
 * The command line: every verb, its options, and what it runs. Each command is loaded when it runs: the libraries
 * behind them take longer to load than a mistake takes to answer.
 */
import { resolve } from "node:path";
import { Argument, Command } from "commander";
import type { ClientOptions } from "./commands/client.ts";
import type { CrlCommandOptions } from "./commands/crl.ts";
import type { DemoCommandOptions } from "./commands/demo.ts";
import type { ExportOptions } from "./commands/export.ts";
import type { InitOptions } from "./commands/init.ts";
import type { ListOptions } from "./commands/list.ts";
import type { RenewCommandOptions } from "./commands/renew.ts";
import type { RevokeOptions } from "./commands/revoke.ts";
import type { ServerOptions } from "./commands/server.ts";
import type { SignRequestOptions } from "./commands/sign-request.ts";
import { importSteps } from "./import-steps.ts";
import type { ImportSystem } from "./import-steps.ts";
import { days, filledPassword, key, oneMore, path, reason } from "./option-values.ts";
import { passphraseFrom } from "./passphrase.ts";
import { defaultFolder, shown } from "./store.ts";

const lifetime = ["--days <number>", "how long it is valid, at most until the authority ends", days] as const;
const algorithm = ["--key <algorithm>", "rsa-2048, rsa-4096, p256 or p384", key] as const;
const password = ["--password <text>", "password of the .p12", filledPassword] as const;
const force = ["--force", "replace what is there"] as const;
const ambiguous = ["--allow-ambiguous", "even a name that an old backend could take for another"] as const;
const fileName = ["--name <file>", "name of the files"] as const;
const groups = ["--group <name>", "a group they are in; as often as needed", oneMore] as const;

type Parsed = { readonly out?: string; readonly passphraseFile?: string } & Record<string, unknown>;

/** @param environment a passphrase that stood in the environment */
export function program(environment: string | undefined): Command {
  const all = new Command("sallyport-certs")
    .description("A certificate authority of your own: a root, a server and the people who log in.")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined });

  const command = (usage: string, description: string) =>
    all
      .command(usage)
      .description(description)
      .option("-o, --out <dir>", `folder of the authority (default: ${shown(defaultFolder)})`);
  const signing = (usage: string, description: string) =>
    command(usage, description).option(
      "--passphrase-file <file>",
      "file with the passphrase of the authority's key",
    );

  /** What commander parsed, as a command takes it: its own options, the folder, and where a passphrase may come from. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- commander's answer has no type but this
  const given = <Options extends object>(options: unknown): Options => {
    const { out, passphraseFile, ...rest } = options as Parsed;
    const passphraseSource = { file: passphraseFile, environment };
    return {
      ...rest,
      folder: out === undefined ? defaultFolder : resolve(out),
      passphrase: passphraseFrom(passphraseSource),
      passphraseSource,
    } as unknown as Options;
  };

  command("demo", "make what is missing of root, server, Grace Hopper and Cecilia Payne")
    .option("--password <text>", 'password of every .p12 (default: "password")', filledPassword)
    .option(...force)
    .action(async (options) => {
      const { demo } = await import("./commands/demo.ts");
      print(await demo(given<DemoCommandOptions>(options)));
    });

  signing("init", "make the authority: a root, and an intermediate below it if wanted")
    .option("--days <number>", "how long it is valid (default: 1024)", days)
    .option(...algorithm)
    .option("--name <cn>", "its common name")
    .option("--country <code>", "C of everything it issues")
    .option("--state <name>", "ST of everything it issues")
    .option("--organization <name>", "O of everything it issues")
    .option("--intermediate [cn]", "an intermediate authority, which signs from then on")
    .option("--encrypt", "encrypt its key; the passphrase is asked for")
    .option(...force)
    .action(async (options) => {
      const { init } = await import("./commands/init.ts");
      print(await init(given<InitOptions>(options)));
    });

  signing("server [name...]", "make a gateway's certificate: server gateway.example.org 192.0.2.1")
    .option(...lifetime)
    .option(...algorithm)
    .option(...password)
    .option(...fileName)
    .option(...force)
    .action(async (names: readonly string[], options) => {
      const { server } = await import("./commands/server.ts");
      print(await server(names, given<ServerOptions>(options)));
    });

  signing("client <name>", 'make a person\'s certificate: client "Grace Hopper"')
    .option("--email <address>", "e-mail address, for subjectAltName")
    .option("--upn <name>", "user principal name, for subjectAltName")
    .option("--uri <uri>", "URI, for subjectAltName")
    .option("--ou <unit>", "the unit they belong to")
    .option(...groups)
    .option(...lifetime)
    .option(...algorithm)
    .option(...password)
    .option("--name <file>", "name of the files (default: the first name in lower case)")
    .option(...ambiguous)
    .option(...force)
    .action(async (name: string, options) => {
      const { client } = await import("./commands/client.ts");
      print(await client(name, given<ClientOptions>(options)));
    });

  signing("renew <name-or-file>", "the same certificate with a later end and a new key")
    .option(...lifetime)
    .option(...algorithm)
    .option("--same-key", "keep the key")
    .option(...password)
    .action(async (name: string, options) => {
      const { renew } = await import("./commands/renew.ts");
      print(await renew(name, given<RenewCommandOptions>(options)));
    });

  signing("revoke <name-file-or-serial>", "revoke, and write the list that gateways read")
    .option("--reason <reason>", "keyCompromise, superseded, cessationOfOperation ...", reason)
    .option("--no-crl", "do not write the list yet")
    .action(async (name: string, options) => {
      const { revoke } = await import("./commands/revoke.ts");
      print(await revoke(name, given<RevokeOptions>(options)));
    });

  signing("crl", "write the list of what is revoked")
    .option("--to <file>", "where gateways look for it, from now on", path)
    .option("--days <number>", "how long it is good, from now on (default: 30)", days)
    .action(async (options) => {
      const { crl } = await import("./commands/crl.ts");
      print(await crl(given<CrlCommandOptions>(options)));
    });

  command("list", "what has been issued, and when it ends")
    .option("--json", "for programs")
    .action(async (options) => {
      const { list } = await import("./commands/list.ts");
      print(await list(given<ListOptions>(options)));
    });

  command("show <name-or-file>", "what is in a certificate or a request").action(
    async (name: string, options) => {
      const { show } = await import("./commands/show.ts");
      print(await show(name, given(options)));
    },
  );

  command("verify <name-or-file>", "is it good now?").action(async (name: string, options) => {
    const { verify } = await import("./commands/verify.ts");
    print(await verify(name, given(options)));
  });

  command("export <name>", "write a .p12 anew (AES-256, SHA-256), or another shape")
    .option("--legacy", "a .p12 for older macOS, Windows and Android")
    .option("--pem", "certificate and key")
    .option("--der", "the certificate in DER")
    .option("--chain", "the certificate and the authorities above it")
    .option(...password)
    .action(async (name: string, options) => {
      const { exportName } = await import("./commands/export.ts");
      print(await exportName(name, given<ExportOptions>(options)));
    });

  signing("sign-request <csr>", "make a certificate for a key that stays elsewhere")
    .option("--server", "for a server; for a person, unless set")
    .option("--as <cn>", "who it is for, whatever the request says")
    .option("--email <address>", "e-mail address, instead of the request's")
    .option("--upn <name>", "user principal name")
    .option("--uri <uri>", "URI")
    .option("--ou <unit>", "the unit they belong to")
    .option(...groups)
    .option(...lifetime)
    .option(...fileName)
    .option(...ambiguous)
    .option(...force)
    .action(async (file: string, options) => {
      const { signRequest } = await import("./commands/sign-request.ts");
      print(await signRequest(file, given<SignRequestOptions>(options)));
    });

  command("import-help", "how a certificate gets into a system or a program")
    .addArgument(new Argument("<system>").choices(Object.keys(importSteps)))
    .argument("[name]", "whose", "grace")
    .action(async (system: ImportSystem, name: string, options) => {
      const { importHelp } = await import("./commands/import-help.ts");
      print(importHelp(system, name, given(options)));
    });

  return all;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
