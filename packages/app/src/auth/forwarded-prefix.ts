import type { IncomingMessage } from "node:http";
import { rawValues } from "./raw-values.ts";
import { isFromGateway } from "./trusted-hop.ts";

/**
 * The path under which the gateway shows this app, without a slash at its end: `/flask`, or `""` at the root.
 * Believed only from the gateway, and only when one line says it: links are built from it.
 */
export function forwardedPrefix(request: IncomingMessage): string {
  if (!isFromGateway(request)) return "";
  const [prefix, ...others] = rawValues(request.rawHeaders, "X-Forwarded-Prefix");
  if (prefix === undefined || others.length > 0) return "";
  // One slash at the start and none doubled: `//host` would be another site's address.
  return /^\/(?:[A-Za-z0-9._~-]+\/)*[A-Za-z0-9._~-]*$/.test(prefix) ? prefix.replace(/\/$/, "") : "";
}
