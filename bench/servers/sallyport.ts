/** Our own gateway, as it is shipped. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeWarmUp, type Server } from "./server.ts";

const program = fileURLToPath(new URL("../../packages/gateway/src/main.ts", import.meta.url));

export const sallyport: Server = {
  name: "sallyport",
  title: "sallyport",
  warmUp: nodeWarmUp,
  command({ port, backendPort, folder, certificates: { authority, server } }) {
    const file = join(folder, "gateway.yaml");
    const configuration = {
      listen: [{ host: "127.0.0.1", port, mode: "mutual" }],
      tls: server,
      clients: { authorities: [authority], presence: "required" },
      routes: [{ prefix: "/flask/", upstream: `http://127.0.0.1:${backendPort}/`, identity: ["ssl-client"] }],
      log: { access: false },
    };
    writeFileSync(file, JSON.stringify(configuration)); // JSON is YAML
    return [process.execPath, program, "serve", "--config", file];
  },
};
