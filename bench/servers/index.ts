/** The servers, in the order in which they are measured. */
import { apache } from "./apache.ts";
import { caddy } from "./caddy.ts";
import { haproxy } from "./haproxy.ts";
import { httpProxy } from "./http-proxy.ts";
import { nginx } from "./nginx.ts";
import { sallyport, sallyportFast } from "./sallyport.ts";
import type { Server } from "./server.ts";

export const ours = sallyport;
export const oursFast = sallyportFast;
/** All of ours, the one that is shipped first. */
export const own: readonly Server[] = [ours, oursFast];
export const servers: readonly Server[] = [...own, nginx, apache, haproxy, caddy, httpProxy];
