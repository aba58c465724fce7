/** Our own gateway, with revocation, rules and metrics: as it is shipped, and with the fast path. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Server, Site } from "./server.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../packages/gateway/${path}`, import.meta.url));

const gateway = (name: string, title: string, fastPath: boolean): Server => ({
  name,
  title,
  compilesItself: true,
  knowsRevocation: true,
  version() {
    const { version } = JSON.parse(readFileSync(fileOf("package.json"), "utf8")) as { version: string };
    return version;
  },
  command(site) {
    const file = join(site.folder, "gateway.yaml");
    writeFileSync(file, JSON.stringify(configuration(site, fastPath))); // JSON is YAML
    return [process.execPath, fileOf("src/main.ts"), "serve", "--config", file];
  },
});

export const sallyport = gateway("sallyport", "sallyport", false);
export const sallyportFast = gateway("sallyport-fast", "with fast path", true);

function configuration(site: Site, fastPath: boolean) {
  const { port, backendPort, certificates, revocationList, accessLog, workers } = site;
  const denied = Array.from({ length: site.rules - 1 }, (_, at) => ({
    deny: { subject: { CN: `Mallory ${at}` } },
  }));
  const route = {
    upstream: `http://127.0.0.1:${backendPort}/`,
    identity: ["ssl-client"],
    rules: [...denied, { allow: { subject: { C: "US" } } }],
  };
  const others = Array.from({ length: site.routes - 1 }, (_, at) => `/other-${at}/`);
  return {
    listen: [{ host: "127.0.0.1", port, mode: "mutual", fastPath }],
    tls: certificates.server,
    clients: {
      authorities: [certificates.authority],
      revocation: [{ crl: revocationList }],
    },
    routes: [...others, "/flask/"].map((prefix) => ({ prefix, ...route })),
    metrics: { port: 0 },
    log: { access: accessLog },
    ...(workers > 1 && { workers }),
  };
}
