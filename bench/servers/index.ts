/** The servers, in the order in which they are measured; ours, which is always measured, comes first. */
import { apache } from "./apache.ts";
import { httpProxy } from "./http-proxy.ts";
import { nginx } from "./nginx.ts";
import { sallyport } from "./sallyport.ts";
import type { Server } from "./server.ts";

export const ours: Server = sallyport;
export const peers: readonly Server[] = [nginx, apache, httpProxy];
