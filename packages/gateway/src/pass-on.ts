/** The second half of the line: headers -> forward -> rewrite. What the upstream is told, and what becomes of its answer. */
import type { Outbound } from "./forward/exchange.ts";
import { webSocketKey } from "./forward/websocket.ts";
import { framingOf } from "./headers/framing.ts";
import { inject } from "./headers/inject.ts";
import { outboundHead } from "./headers/outbound.ts";
import { answerLines, routeLines } from "./headers/route-lines.ts";
import type { Sanitised } from "./headers/sanitise.ts";
import { onlyReadable } from "./rewrite/content-coding.ts";
import { rewriteHeaders } from "./rewrite/rewrite-headers.ts";
import { rewritePage } from "./rewrite/rewrite-page.ts";
import type { Route } from "./site.ts";
import type { Visit } from "./visit.ts";

/**
 * @param target the path and query that the upstream is asked for
 * @throws Refusal for what cannot be passed on
 */
export function passOn(
  visit: Visit,
  route: Route,
  sanitised: Sanitised,
  method: string,
  target: string,
): void {
  const { req, kind } = visit;
  const { upstream, limits } = route;
  const { host } = sanitised;
  const webSocket = kind === "upgrade" ? webSocketKey(req) : undefined;
  const framing = framingOf(req, limits.maxBody);
  const injected = inject(visit.peer, route, host);
  const told = routeLines(sanitised, req, route.request);
  const outgoing = route.rewriteHtml ? { host: told.host, lines: onlyReadable(told.lines) } : told;
  const head = outboundHead(method, target, outgoing, framing, kind === "upgrade", injected, route.headLimit);
  const rewrite = (headers: string[]) =>
    answerLines(rewriteHeaders(headers, route, host), route.answer, req.headers.origin);
  const stages: Outbound["stages"] = route.rewriteHtml
    ? (answer, headers) =>
        rewritePage(answer, headers, req.headers["if-none-match"], { mapping: route, host })
    : undefined;
  const { known } = visit.peer;
  const outbound = {
    method,
    head,
    body: framing.body,
    limits,
    rewrite,
    stages,
    webSocket,
    certificate: known?.certificate,
  };
  visit.forward(upstream, outbound);
}
