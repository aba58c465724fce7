import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NaiveConfig } from "./naive-gateway.ts";
import { readFile } from "node:fs/promises";
import { runProcess, type RunningProcess } from "./running-process.ts";
import type { Scope } from "./scope.ts";
import { tempFolder } from "./temp-folder.ts";
import type { TestAuthority } from "./test-authority.ts";

const program = join(import.meta.dirname, "naive-gateway.ts");

/** Starts the gateway on http-proxy in front of a port of this machine. */
export async function startNaiveGateway(
  scope: Scope,
  authority: TestAuthority,
  upstreamPort: number,
): Promise<RunningProcess & { readonly port: number }> {
  const config: NaiveConfig = {
    cert: await readFile(authority.serverCertificateFile, "utf8"),
    key: await readFile(authority.serverKeyFile, "utf8"),
    ca: authority.root.certificatePem,
    target: `http://127.0.0.1:${upstreamPort}`,
  };
  const file = join(await tempFolder(scope), "naive.json");
  await writeFile(file, JSON.stringify(config));
  const gateway = runProcess(scope, [program, file]);
  const { port } = await gateway.logged(({ msg }) => msg === "listening");
  return { ...gateway, port: Number(port) };
}
