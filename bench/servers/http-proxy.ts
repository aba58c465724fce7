/** The gateway that one would write in an afternoon: http-proxy 1.18.1 behind node:https. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Server } from "./server.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const httpProxy: Server = {
  name: "http-proxy",
  title: "http-proxy gateway",
  compilesItself: true,
  knowsRevocation: true,
  version() {
    const manifest = readFileSync(fileOf("../node_modules/http-proxy/package.json"), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
  },
  command({ port, backendPort, certificates: { authority, server }, revocationList, accessLog }) {
    const files = [authority, revocationList, server.certificate, server.key];
    const numbers = [String(port), String(backendPort)];
    return [process.execPath, fileOf("naive-gateway.ts"), ...numbers, ...files, accessLog ? "log" : "silent"];
  },
};
