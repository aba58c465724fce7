/** An authority's folder, the enrolment service on it, and a gateway in front: set up as docs/enrolment.md says, word for word. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  issue,
  makeRoot,
  openAuthority,
  personSubject,
  profiles,
  type OpenAuthority,
} from "@sallyport/certs";
import { parse } from "yaml";
import { startGateway, type GatewayConfig, type RunningGateway } from "./running-gateway.ts";
import { runProcess, type RunningProcess } from "./running-process.ts";
import type { Scope } from "./scope.ts";
import { tempFolder } from "./temp-folder.ts";

const main = join(import.meta.dirname, "../../packages/enrolment/src/main.ts");
const page = join(import.meta.dirname, "../../docs/enrolment.md");

export type RunningEnrolment = {
  readonly folder: string;
  readonly authority: OpenAuthority;
  readonly authorityFolder: string;
  readonly rootFile: string;
  readonly records: string;
  readonly secret: string;
  readonly service: RunningProcess & { readonly port: number };
  readonly gateway: RunningGateway;
  /** The command line, to its end. @returns standard output */
  readonly command: (...words: readonly string[]) => Promise<string>;
  /** @returns the token */
  readonly invite: (...words: readonly string[]) => Promise<string>;
};

export async function startEnrolment(
  scope: Scope,
  more: { readonly authorities?: readonly string[]; readonly routes?: readonly GatewayConfig[] } = {},
): Promise<RunningEnrolment> {
  const folder = await tempFolder(scope);
  const authorityFolder = join(folder, "certs/flask-local");
  await mkdir(authorityFolder, { recursive: true });
  await makeRoot({ folder: authorityFolder, key: "ec-p256" });
  const authority = await openAuthority(authorityFolder);
  const tls = await writeServer(authority, folder);
  const secret = randomBytes(32).toString("hex");
  await writeFile(join(folder, "backend.secret"), secret, { mode: 0o600 });
  const [settings = {}, routes = {}] = await documented();
  const configFile = join(folder, "enrolment.yaml");
  await writeFile(configFile, JSON.stringify({ ...settings, listen: { port: 0 } }));

  const service = runProcess(scope, [main, "serve", "--config", configFile]);
  const { address } = await service.logged(({ msg }) => msg === "listening");
  const port = Number(new URL(String(address)).port);
  const rootFile = join(authorityFolder, "root.pem");
  const toService = JSON.stringify(routes["routes"]).replaceAll(":5001/", `:${port}/`);
  const gateway = await startGateway(scope, {
    listen: [{ port: 0, mode: "mutual" }],
    tls,
    clients: { authorities: [rootFile, ...(more.authorities ?? [])], presence: "required" },
    backendSecret: { file: join(folder, "backend.secret") },
    routes: [...(JSON.parse(toService) as GatewayConfig[]), ...(more.routes ?? [])],
  });
  const command = async (...words: readonly string[]) => {
    const child = runProcess(scope, [main, ...words, "--config", configFile]);
    const code = await child.exited;
    if (code !== 0) throw new Error(`enrolment ${words.join(" ")} ended with ${String(code)}: ${child.stderr()}`);
    return `${child.lines.join("\n")}\n`;
  };
  const invite = async (...words: readonly string[]) =>
    /\?token=(\S+)/.exec(await command("invite", ...words))?.[1] ?? "no token";
  const records = join(folder, String(settings["records"]));
  return { folder, authority, authorityFolder, rootFile, records, secret, service: { ...service, port }, gateway, command, invite };
} // prettier-ignore

/** The two blocks of YAML in the page. */
async function documented(): Promise<readonly Record<string, unknown>[]> {
  const blocks = (await readFile(page, "utf8")).matchAll(/```yaml\n([^]*?)```/g);
  return Array.from(blocks, ([, block = ""]) => parse(block) as Record<string, unknown>);
}

async function writeServer(authority: OpenAuthority, folder: string) {
  const { certificatePem, privateKeyPem } = await issue(authority, {
    name: "server",
    subject: personSubject(authority, { commonName: "flask.local" }),
    alternativeNames: ["flask.local", "localhost"].map((value) => ({ type: "dns", value })),
    profile: profiles.server,
    keyAlgorithm: "ec-p256",
  });
  const files = { certificate: join(folder, "server.crt"), key: join(folder, "server.key") };
  await writeFile(files.certificate, certificatePem);
  await writeFile(files.key, privateKeyPem, { mode: 0o600 });
  return files;
}
