/** The gateway that one would write in an afternoon: http-proxy 1.18.1 behind node:https. */
import { fileURLToPath } from "node:url";
import { nodeWarmUp, type Server } from "./server.ts";

const program = fileURLToPath(new URL("../naive-gateway.ts", import.meta.url));

export const httpProxy: Server = {
  name: "http-proxy",
  title: "http-proxy gateway",
  warmUp: nodeWarmUp,
  command({ port, backendPort, certificates: { authority, server } }) {
    const files = [authority, server.certificate, server.key];
    return [process.execPath, program, String(port), String(backendPort), ...files];
  },
};
