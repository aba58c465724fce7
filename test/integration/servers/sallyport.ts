/** Our own gateway as the process that people start. */
import type { TestContext } from "node:test";
import { startGateway } from "../../support/running-gateway.ts";
import type { Site } from "./site.ts";

export type SallyportOptions = {
  readonly dialect: string;
  readonly variables?: readonly string[];
  readonly spelling?: "underscore" | "hyphen";
  readonly depth?: number;
  readonly secretFile?: string;
  readonly rewriteHtml?: boolean;
};

/** @returns the port; `/flask/` goes to the upstream's `/` */
export async function startSallyport(
  context: TestContext,
  site: Site,
  upstream: string,
  { depth = 1, secretFile, rewriteHtml = false, ...speech }: SallyportOptions,
): Promise<number> {
  const { port } = await startGateway(context, {
    listen: [{ host: "127.0.0.1", port: 0, mode: "mutual", onBadCertificate: "explain" }],
    tls: { certificate: site.certificateFile, key: site.keyFile },
    clients: { authorities: [site.rootFile], presence: "required", depth },
    ...(secretFile !== undefined && { backendSecret: { file: secretFile } }),
    routes: [{ prefix: "/flask/", upstream, identity: [speech], rewriteHtml }],
  });
  return port;
}
