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
import { invite, type InviteOptions } from "../../packages/enrolment/src/commands/invite.ts";
import { withdraw } from "../../packages/enrolment/src/commands/withdraw.ts";
import { loadConfig } from "../../packages/enrolment/src/config.ts";
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
  /** What the command does that people type. @returns the number, which opens nothing, and the token, which does */
  readonly invite: (
    commonName: string,
    options?: Partial<InviteOptions>,
  ) => { readonly number: string; readonly token: string };
  readonly withdraw: (number: string) => void;
};

export async function startEnrolment(
  scope: Scope,
  more: {
    readonly authorities?: readonly string[];
    readonly routes?: readonly GatewayConfig[];
    /** Of another backend; one is made, unless given. */
    readonly secretFile?: string;
  } = {},
): Promise<RunningEnrolment> {
  const folder = await tempFolder(scope);
  const authorityFolder = join(folder, "certs/flask-local");
  await mkdir(authorityFolder, { recursive: true });
  await makeRoot({ folder: authorityFolder, key: "ec-p256" });
  const authority = await openAuthority(authorityFolder);
  const tls = await writeServer(authority, folder);
  const secret = more.secretFile === undefined ? randomBytes(32).toString("hex") : await readFile(more.secretFile, "utf8");
  await writeFile(join(folder, "backend.secret"), secret, { mode: 0o600 });
  const [settings = "", routes = ""] = await documented();
  const configFile = join(folder, "enrolment.yaml");
  await writeFile(configFile, settings.replace(/^listen: .*$/m, "listen: { port: 0 }"));

  const service = runProcess(scope, [main, "serve", "--config", configFile]);
  const { address } = await service.logged(({ msg }) => msg === "listening");
  const port = Number(new URL(String(address)).port);
  const rootFile = join(authorityFolder, "root.pem");
  const lines = Object.entries({
    listen: [{ port: 0, mode: "mutual" }],
    tls,
    clients: { authorities: [rootFile, ...(more.authorities ?? [])], presence: "required" },
    backendSecret: { file: join(folder, "backend.secret") },
  }).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const others = (more.routes ?? []).map((route) => `  - ${JSON.stringify(route)}`);
  const toService = routes.trimEnd().replaceAll(":5001/", `:${port}/`);
  const gateway = await startGateway(scope, [...lines, toService, ...others, ""].join("\n"));
  const config = loadConfig(configFile);
  const invited = (name: string, options: Partial<InviteOptions> = {}) => {
    const text = invite(config, name, { valid: 3_600_000, ...options }).join("\n");
    const [, number = "", token = ""] = /^Invitation (\w+) [^]*\?token=(\w+)/.exec(text) ?? [];
    return { number, token };
  };
  return { folder, authority, authorityFolder, rootFile, records: config.records, secret, service: { ...service, port }, gateway, invite: invited, withdraw: (number) => withdraw(config, number) };
} // prettier-ignore

/** The two blocks of YAML in the page. */
async function documented(): Promise<readonly string[]> {
  const blocks = (await readFile(page, "utf8")).matchAll(/```yaml\n([^]*?)```/g);
  return Array.from(blocks, ([, block = ""]) => block);
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
