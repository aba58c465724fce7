/**
 * The line. Every request walks it, whichever of Node's five events brought it:
 * listen -> peer -> route -> decide -> headers -> forward -> rewrite -> log, with one exit for no.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Upstream } from "./forward/upstream.ts";
import { webSocketKey } from "./forward/websocket.ts";
import { framingOf } from "./headers/framing.ts";
import { inject, type Speaking } from "./headers/inject.ts";
import { outboundHead } from "./headers/outbound.ts";
import { sanitise } from "./headers/sanitise.ts";
import type { Kind } from "./listen/listener.ts";
import type { Log } from "./observe/log.ts";
import { welcome } from "./pages/welcome.ts";
import { peerOf } from "./peer/peer.ts";
import { decide, type Presence } from "./policy/decide.ts";
import { Refusal } from "./refuse/refusal.ts";
import { rewriteHeaders, type Mapping } from "./rewrite/rewrite.ts";
import { permittedMethod } from "./route/method.ts";
import { redirectTo } from "./route/redirect.ts";
import { isBare, matchRoute, upstreamPath } from "./route/routes.ts";
import { parseTarget } from "./route/target.ts";
import type { Trust } from "./trust/trust.ts";
import { Visit } from "./visit.ts";

export type Route = Speaking & Mapping & { readonly upstream: Upstream };

/** Everything that a reload replaces, as one value: a request sees one world from its start to its end. */
export type World = {
  /** Longest prefix first. */
  readonly routes: readonly Route[];
  readonly presence: Presence;
  readonly trust: Trust | undefined;
  /** Names of the authorities that are accepted, for people. */
  readonly authorities: readonly string[];
};

export type Gateway = (req: IncomingMessage, res: ServerResponse, kind: Kind, firstOctets: Buffer) => void;

export function createGateway(world: () => World, log: Log): Gateway {
  return (req, res, kind, firstOctets) => {
    const { routes, presence, trust, authorities } = world();
    const peer = peerOf(req.socket, trust);
    const visit = new Visit(req, res, kind, peer, authorities, log);
    try {
      const sanitised = sanitise(req.rawHeaders, req.headers.connection);
      const { path, query } = parseTarget(req.url ?? "", sanitised.host);
      const route = matchRoute(routes, path);
      visit.route = route?.prefix;
      decide(peer, presence, Date.now());
      const method = permittedMethod(req.method, kind);
      if (route === undefined) {
        if (path !== "/") throw new Refusal("not-found");
        visit.answer(
          welcome(
            peer.identity,
            routes.map(({ prefix }) => prefix),
            req.headers.accept,
          ),
        );
      } else if (isBare(route.prefix, path)) {
        visit.answer(redirectTo(route.prefix + query));
      } else {
        const webSocket = kind === "upgrade" ? { key: webSocketKey(req), firstOctets } : undefined;
        const framing = framingOf(req);
        const target = upstreamPath(route, path) + query;
        const injected = inject(peer, route, sanitised.host);
        const head = outboundHead(
          method,
          target,
          sanitised,
          framing,
          webSocket !== undefined,
          injected,
          route.headLimit,
        );
        const rewrite = (headers: string[]) => rewriteHeaders(headers, route, sanitised.host);
        visit.forward(route.upstream, { method, head, body: framing.body, rewrite }, webSocket);
      }
    } catch (error) {
      visit.refuse(error);
    }
  };
}
