/** The gateway as a process, on a free port, with a configuration written for one test. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProcess, type RunningProcess } from "./running-process.ts";
import type { Scope } from "./scope.ts";
import { tempFolder } from "./temp-folder.ts";
import type { TestAuthority } from "./test-authority.ts";

const main = join(import.meta.dirname, "../../packages/gateway/src/main.ts");

/** A configuration as a plain value; JSON is YAML too. */
export type GatewayConfig = Readonly<Record<string, unknown>>;

export type RunningGateway = RunningProcess & {
  readonly port: number;
  readonly configFile: string;
  /** Replaces the configuration file; SIGHUP makes the gateway read it. */
  readonly reconfigure: (config: GatewayConfig | string) => Promise<void>;
};

/** `npm run test:fast-path` asks for it: every test that does not say otherwise runs with it then. */
const fastPath = process.env["SALLYPORT_TEST_FAST_PATH"] === "1";

/** One mutual listener and one route, `/flask/`, to a port of this machine. */
export function gatewayConfig(
  authority: TestAuthority,
  upstreamPort: number,
  { clients = {}, listen = {}, route = {}, ...rest }: Readonly<Record<string, object>> = {},
): GatewayConfig {
  return {
    listen: [{ host: "127.0.0.1", port: 0, mode: "mutual", fastPath, ...listen }],
    tls: { certificate: authority.serverCertificateFile, key: authority.serverKeyFile },
    clients: { authorities: [authority.rootFile], ...clients },
    routes: [{ prefix: "/flask/", upstream: `http://127.0.0.1:${upstreamPort}/`, ...route }],
    ...rest,
  };
}

/** Writes a configuration and starts the gateway on it without waiting for anything: for what is meant to fail. */
export async function spawnGateway(
  scope: Scope,
  config: GatewayConfig | string,
): Promise<RunningProcess & { readonly configFile: string }> {
  const configFile = join(await tempFolder(scope), "gateway.yaml");
  await writeFile(configFile, text(config));
  return { ...runProcess(scope, [main, "serve", "--config", configFile]), configFile };
}

/** Starts the gateway and waits until it listens. */
export async function startGateway(scope: Scope, config: GatewayConfig | string): Promise<RunningGateway> {
  const gateway = await spawnGateway(scope, config);
  const { port } = await gateway.logged(({ msg }) => msg === "listening");
  return {
    ...gateway,
    port: Number(port),
    reconfigure: (next) => writeFile(gateway.configFile, text(next)),
  };
}

function text(config: GatewayConfig | string): string {
  return typeof config === "string" ? config : JSON.stringify(config);
}
