/**
 * Was this request sent by the gateway? Anybody who can reach the app's port can write any header, so nothing about
 * identity, address or mount point is believed without the gateway's secret.
 */
import type { IncomingMessage } from "node:http";
import { foldName, isReserved } from "@sallyport/identity";
import type { GatewaySecret } from "./gateway-secret.ts";
import { rawValues } from "./raw-values.ts";

/** The header in which the gateway proves itself. */
export const secretHeader = "Sallyport-Secret";

/** Why a request that claimed something was not believed. Stable: logs and tests match it. */
export type DistrustCode = "gateway-secret-missing" | "gateway-secret-repeated" | "gateway-secret-wrong";

export type TrustedHopOptions = {
  readonly secret: Pick<GatewaySecret, "accepts">;
  readonly onDistrust: (code: DistrustCode, message: string) => void;
};

const fromGateway = new WeakSet<IncomingMessage>();

/** Whether {@link trustedHop} has seen the gateway's secret on this request. `false` for one that it never saw at all. */
export function isFromGateway(request: IncomingMessage): boolean {
  return fromGateway.has(request);
}

/**
 * Middleware that comes before everything that reads a header. A request without exactly one line holding the secret
 * goes on, but every line that only a gateway may write (identity, X-Forwarded-*, Forwarded and their kin, in every
 * spelling) is taken out of it: code that forgets to ask {@link isFromGateway} finds nothing to believe.
 * The secret is taken out of each request, so that no log or error page can repeat it.
 */
export function trustedHop({ secret, onDistrust }: TrustedHopOptions) {
  return (request: IncomingMessage, _response: unknown, next: () => void): void => {
    const presented = rawValues(request.rawHeaders, secretHeader);
    const [first] = presented;
    if (presented.length === 1 && first !== undefined && secret.accepts(first)) {
      fromGateway.add(request);
      dropLines(request, (folded) => folded === foldName(secretHeader));
    } else if (dropLines(request, isReserved) > 0) {
      if (first === undefined) {
        onDistrust("gateway-secret-missing", "A request claims what only the gateway may say; ignored.");
      } else if (presented.length > 1) {
        onDistrust("gateway-secret-repeated", `A request carries ${secretHeader} more than once; ignored.`);
      } else {
        onDistrust(
          "gateway-secret-wrong",
          `A request carries a wrong ${secretHeader}; its claims are ignored.`,
        );
      }
    }
    next();
  };
}

/** @returns how many lines went */
function dropLines(request: IncomingMessage, isUnwanted: (folded: string) => boolean): number {
  // Both views are read before rawHeaders gets shorter: Node makes them from it when first asked, by its old length.
  const views = [request.headers, request.headersDistinct];
  const lines = request.rawHeaders;
  request.rawHeaders = lines.filter((_, at) => !isUnwanted(foldName(lines[at - (at % 2)] ?? "")));
  for (const view of views) {
    for (const name of Object.keys(view)) {
      if (isUnwanted(foldName(name))) Reflect.deleteProperty(view, name);
    }
  }
  return (lines.length - request.rawHeaders.length) / 2;
}
