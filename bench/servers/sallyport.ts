/** Our own gateway, as it is shipped, with revocation, rules and metrics. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Server, Site } from "./server.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../packages/gateway/${path}`, import.meta.url));

export const sallyport: Server = {
  name: "sallyport",
  title: "sallyport",
  compilesItself: true,
  knowsRevocation: true,
  version() {
    const { version } = JSON.parse(readFileSync(fileOf("package.json"), "utf8")) as { version: string };
    return version;
  },
  command(site) {
    const file = join(site.folder, "gateway.yaml");
    writeFileSync(file, JSON.stringify(configuration(site))); // JSON is YAML
    return [process.execPath, fileOf("src/main.ts"), "serve", "--config", file];
  },
};

function configuration(site: Site) {
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
    listen: [{ host: "127.0.0.1", port, mode: "mutual" }],
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
