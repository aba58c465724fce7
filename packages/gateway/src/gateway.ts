/**
 * The line. Every request walks it, whichever of Node's five events brought it:
 * listen -> peer -> route -> decide -> headers -> forward -> rewrite -> log, with one exit for no.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Outbound } from "./forward/exchange.ts";
import type { Upstream } from "./forward/upstream.ts";
import { webSocketKey } from "./forward/websocket.ts";
import { framingOf } from "./headers/framing.ts";
import { inject, type Speaking } from "./headers/inject.ts";
import { outboundHead } from "./headers/outbound.ts";
import { sanitise } from "./headers/sanitise.ts";
import type { Kind } from "./listen/listener.ts";
import { welcome } from "./pages/welcome.ts";
import { peerOf, serverNameOf, tellsNoName } from "./peer/peer.ts";
import { decide, type Policy, type Presence } from "./policy/decide.ts";
import { Refusal } from "./refuse/refusal.ts";
import type { Mapping } from "./rewrite/mapping.ts";
import { onlyReadable } from "./rewrite/content-coding.ts";
import { rewriteHeaders } from "./rewrite/rewrite-headers.ts";
import { rewritePage } from "./rewrite/rewrite-page.ts";
import { permittedMethod } from "./route/method.ts";
import { redirectTo } from "./route/redirect.ts";
import { isBare, matchRoute, upstreamPath } from "./route/routes.ts";
import type { FindSite } from "./route/sites.ts";
import { parseTarget } from "./route/target.ts";
import type { Trust } from "./trust/trust.ts";
import { Visit, type Observer } from "./visit.ts";

export type Route = Speaking &
  Mapping &
  Policy & {
    readonly upstream: Upstream;
    /** Whether links in its pages are rewritten. */
    readonly rewriteHtml: boolean;
  };

/** What is served under one name. */
export type Site = {
  /** Longest prefix first. */
  readonly routes: readonly Route[];
  /** What holds where no route does. */
  readonly presence: Presence;
  readonly trust: Trust | undefined;
  /** Names of the authorities that are accepted, for people. */
  readonly authorities: readonly string[];
};

/** Everything that a reload replaces, as one value: no request sees a part of one and a part of the next. */
export type World = {
  readonly siteOf: FindSite<Site>;
  /** Whom the refused may ask. */
  readonly contact: string | undefined;
};

export type Gateway = {
  readonly request: (req: IncomingMessage, res: ServerResponse, kind: Kind, firstOctets: Buffer) => void;
  /** Cuts whatever is under way for those who would not be let in any more: streams, downloads, WebSockets. */
  readonly reconsider: () => void;
};

export function createGateway(world: () => World, observer: Observer): Gateway {
  const visits = new Set<Visit>();
  return {
    request(req, res, kind, firstOctets) {
      const { siteOf, contact } = world();
      const site = siteOf(serverNameOf(req.socket));
      const visit = new Visit(req, res, kind, firstOctets, peerOf(req.socket, site.trust), observer, () => {
        visits.delete(visit);
      });
      visits.add(visit);
      visit.authorities = site.authorities;
      visit.contact = contact;
      walk(visit, world);
    },
    reconsider() {
      for (const visit of visits) {
        if (visit.place === undefined) continue;
        try {
          void admit(visit, world(), visit.place.host, visit.place.path);
        } catch (error) {
          visit.cut(error);
        }
      }
    },
  };
}

function walk(visit: Visit, world: () => World): void {
  const { req, kind } = visit;
  try {
    const sanitised = sanitise(req.rawHeaders, req.headers.connection);
    const { host } = sanitised;
    const { path, query } = parseTarget(req.url ?? "", host);
    const admission = admit(visit, world(), host, path);
    if (admission instanceof Promise) {
      visit.await(admission, () => {
        walk(visit, world);
      });
      return;
    }
    const { site, route } = admission;
    visit.place = { host, path };
    const method = permittedMethod(req.method, kind);
    if (route === undefined) {
      if (path !== "/") throw new Refusal("not-found");
      const prefixes = site.routes.map(({ prefix }) => prefix);
      visit.answer(welcome(visit.peer.identity, prefixes, req.headers.accept));
    } else if (isBare(route.prefix, path)) {
      visit.answer(redirectTo(route.prefix + query));
    } else {
      const webSocket = kind === "upgrade" ? webSocketKey(req) : undefined;
      const framing = framingOf(req);
      const target = upstreamPath(route, path) + query;
      const injected = inject(visit.peer, route, host);
      const upgrade = webSocket !== undefined;
      const outgoing = route.rewriteHtml ? { host, lines: onlyReadable(sanitised.lines) } : sanitised;
      const head = outboundHead(method, target, outgoing, framing, upgrade, injected, route.headLimit);
      const rewrite = (headers: string[]) => rewriteHeaders(headers, route, host);
      const stages: Outbound["stages"] = route.rewriteHtml
        ? (answer, headers) =>
            rewritePage(answer, headers, req.headers["if-none-match"], { mapping: route, host })
        : undefined;
      visit.forward(route.upstream, { method, head, body: framing.body, rewrite, stages }, webSocket);
    }
  } catch (error) {
    visit.refuse(error);
  }
}

type Admission = { readonly site: Site; readonly route: Route | undefined };

/**
 * Whether this visitor may be where it wants to be, now.
 * @returns a promise where somebody has to be asked about the certificate first; then it is to be called again
 * @throws Refusal
 */
function admit(visit: Visit, world: World, host: string, path: string): Admission | Promise<unknown> {
  const { socket } = visit.req;
  const site = world.siteOf(host);
  const connection = world.siteOf(serverNameOf(socket));
  // What was asked of the client in the handshake was asked in the other site's name (CVE-2025-23048, CVE-2025-23419).
  if (site.trust !== connection.trust && visit.peer.tls && !tellsNoName(visit.peer.tls))
    throw new Refusal("misdirected-request", `Host ${host}, on a connection to another site`);
  const peer = peerOf(socket, site.trust);
  const route = matchRoute(site.routes, path);
  visit.peer = peer;
  visit.authorities = site.authorities;
  visit.route = route?.prefix;
  const now = Date.now();
  const verdict = peer.known && site.trust?.standing(peer.known, now);
  if (verdict instanceof Promise) return verdict;
  decide(peer, verdict, route ?? { presence: site.presence, rules: undefined }, now);
  return { site, route };
}
