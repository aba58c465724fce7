/**
 * The first half of the line: listen -> peer -> route -> decide. Asked for every request, and again from time to time for
 * whatever is still under way.
 */
import { peerOf, serverNameOf } from "./peer/peer.ts";
import { isPreflight, type Cors } from "./policy/cors.ts";
import { decide } from "./policy/decide.ts";
import { Refusal } from "./refuse/refusal.ts";
import type { FindSite } from "./route/sites.ts";
import type { Route, Site } from "./site.ts";
import type { Visit } from "./visit.ts";

/** Everything that a reload replaces, as one value: no request sees a part of one and a part of the next. */
export type World = {
  readonly siteOf: FindSite<Site>;
  /** Whom the refused may ask. */
  readonly contact: string | undefined;
};

type Admission = {
  readonly site: Site;
  readonly route: Route | undefined;
  /** Set where a browser only asks what it may ask: nobody is let in. */
  readonly preflight?: Cors;
};

/**
 * Whether this visitor may be where it wants to be, now.
 * @returns a promise where somebody has to be asked about the certificate first; then it is to be called again
 * @throws Refusal
 */
export function admit(visit: Visit, world: World, host: string, path: string): Admission | Promise<unknown> {
  const { socket } = visit.req;
  const site = world.siteOf(host);
  const connection = world.siteOf(serverNameOf(socket));
  // What was asked of the client in the handshake was asked in the other site's name (CVE-2025-23048, CVE-2025-23419).
  if (site.trust !== connection.trust && visit.peer.tls)
    throw new Refusal("misdirected-request", `Host ${host}, on a connection to another site`);
  const peer = peerOf(socket, site.trust);
  const route = site.routeOf(path);
  visit.peer = peer;
  visit.authorities = site.authorities;
  visit.route = route?.prefix;
  if (route?.cors && isPreflight(visit.req.method, visit.req.headers))
    return { site, route, preflight: route.cors };
  const now = Date.now();
  const verdict = peer.known && site.trust?.standing(peer.known, now);
  if (verdict instanceof Promise) return verdict;
  decide(peer, verdict, route ?? { presence: site.presence, rules: undefined }, now);
  return { site, route };
}
