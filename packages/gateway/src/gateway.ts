/**
 * The line that every request walks, whichever of Node's five events brought it:
 * listen -> peer -> route -> decide -> headers -> forward -> rewrite -> log, with one exit for no.
 */
import { admit, type World } from "./admit.ts";
import { sanitise } from "./headers/sanitise.ts";
import type { Handlers } from "./listen/listener.ts";
import { welcome } from "./pages/welcome.ts";
import { passOn } from "./pass-on.ts";
import { peerOf, serverNameOf } from "./peer/peer.ts";
import { preflightAnswer } from "./policy/cors.ts";
import { Refusal } from "./refuse/refusal.ts";
import { Roll } from "./roll.ts";
import { permittedMethod } from "./route/method.ts";
import { redirectTo } from "./route/redirect.ts";
import { isBare, upstreamPath } from "./route/routes.ts";
import { parseTarget } from "./route/target.ts";
import { Visit, type Observer } from "./visit.ts";

export type Gateway = {
  readonly request: Handlers["request"];
  /** Cuts whatever is under way for those who would not be let in any more: streams, downloads, WebSockets. */
  readonly reconsider: () => void;
  /** Cuts everything that is under way. */
  readonly end: () => void;
  /** Resolves when nothing is under way and all of it is written down. */
  readonly quiet: () => Promise<void>;
};

export function createGateway(world: () => World, observer: Observer): Gateway {
  const visits = new Roll<Visit>();
  let wake: () => void = () => undefined;
  return {
    request(req, res, kind, firstOctets, refusal) {
      const { siteOf, contact } = world();
      const site = siteOf(serverNameOf(req.socket));
      const visit = new Visit(req, res, kind, firstOctets, peerOf(req.socket, site.trust), observer, () => {
        visits.delete(visit);
        if (visits.size === 0) wake();
      });
      visits.add(visit);
      visit.authorities = site.authorities;
      visit.contact = contact;
      if (refusal) visit.refuse(refusal);
      else walk(visit, world);
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
    end() {
      for (const visit of visits) visit.cut(new Refusal("shutting-down"));
    },
    quiet: () => (visits.size === 0 ? Promise.resolve() : new Promise((resolve) => (wake = resolve))),
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
    const { site, route, preflight } = admission;
    if (preflight) {
      visit.answer(preflightAnswer(preflight, req.headers.origin));
      return;
    }
    visit.place = { host, path };
    const method = permittedMethod(req.method, kind, route?.methods);
    if (route === undefined) {
      if (path !== "/") throw new Refusal("not-found");
      const prefixes = site.routes.map(({ prefix }) => prefix);
      visit.answer(welcome(visit.peer.identity, prefixes, req.headers.accept));
    } else if (isBare(route.prefix, path)) {
      visit.answer(redirectTo(route.prefix + query));
    } else {
      passOn(visit, route, sanitised, method, upstreamPath(route, path) + query);
    }
  } catch (error) {
    visit.refuse(error);
  }
}
