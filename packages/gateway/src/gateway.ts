/**
 * The line. Every request walks it, whichever of Node's five events brought it:
 * listen -> peer -> route -> decide -> headers -> forward -> rewrite -> log, with one exit for no.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Exchange } from "./forward/exchange.ts";
import { joinSockets } from "./forward/tunnel.ts";
import type { Upstream } from "./forward/upstream.ts";
import { acceptWebSocket, webSocketKey } from "./forward/websocket.ts";
import { framingOf } from "./headers/framing.ts";
import { inject, type Speaking } from "./headers/inject.ts";
import { outboundHead } from "./headers/outbound.ts";
import { sanitise } from "./headers/sanitise.ts";
import type { Kind } from "./listen/listener.ts";
import { accessLine } from "./observe/access-line.ts";
import type { Log } from "./observe/log.ts";
import { welcome } from "./pages/welcome.ts";
import { peerOf } from "./peer/peer.ts";
import { decide, type Presence } from "./policy/decide.ts";
import { refusalAnswer } from "./refuse/answer.ts";
import { newIncident } from "./refuse/incident.ts";
import { Refusal } from "./refuse/refusal.ts";
import { rewriteHeaders, type Mapping } from "./rewrite/rewrite.ts";
import { redirectTo } from "./route/redirect.ts";
import { isBare, matchRoute, upstreamPath } from "./route/routes.ts";
import { parseTarget } from "./route/target.ts";
import type { Trust } from "./trust/trust.ts";

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
    const started = performance.now();
    const peer = peerOf(req.socket, trust);
    let route: Route | undefined;
    let exchange: Exchange | undefined;
    let trouble: { refusal: Refusal; incident: string } | undefined;
    const finished = (bytes: number) => {
      log.access(accessLine(req, res.statusCode, peer, route?.prefix, started, bytes, trouble));
    };
    res.on("close", () => {
      exchange?.abandon();
      finished(exchange?.received ?? 0);
    });
    const own = (answer: { status: number; headers: string[]; body: string }) => {
      // A client that waits for 100 Continue sends its body to nobody now: the connection cannot be read any further.
      if (kind !== "request") res.shouldKeepAlive = false;
      res.writeHead(answer.status, [
        ...answer.headers,
        "Content-Length",
        String(Buffer.byteLength(answer.body)),
      ]);
      res.end(req.method === "HEAD" ? undefined : answer.body);
    };
    const note = (refusal: Refusal) => (trouble = { refusal, incident: newIncident() });
    const refuse = (refusal: Refusal) => {
      own(refusalAnswer(refusal, note(refusal).incident, peer.identity, authorities, req.headers.accept));
    };
    try {
      const sanitised = sanitise(req.rawHeaders, req.headers.connection);
      const { path, query } = parseTarget(req.url ?? "", sanitised.host);
      route = matchRoute(routes, path);
      decide(peer, presence, Date.now());
      const method = permittedMethod(req, kind);
      if (route === undefined) {
        if (path !== "/") throw new Refusal("not-found");
        own(welcome(peer.identity, req.headers.accept));
        return;
      }
      if (isBare(route.prefix, path)) {
        own(redirectTo(`${route.prefix}${query}`));
        return;
      }
      const { prefix, basePath, authority } = route;
      const key = kind === "upgrade" ? webSocketKey(req) : undefined;
      const framing = framingOf(req);
      const target = upstreamPath(route, path) + query;
      const injected = inject(peer, route, sanitised.host);
      const outbound = {
        method,
        head: outboundHead(method, target, sanitised, framing, key !== undefined, injected),
        body: framing.body,
        rewrite: (headers: string[]) =>
          rewriteHeaders(headers, { prefix, basePath, authority }, sanitised.host),
        refuse,
        broken: note,
      };
      exchange = new Exchange(
        key === undefined
          ? outbound
          : {
              ...outbound,
              switched(head, upstream, rest) {
                acceptWebSocket(head, key, req.socket);
                res.statusCode = 101;
                res.detachSocket(req.socket);
                req.socket.write(rest);
                upstream.write(firstOctets);
                joinSockets(req.socket, upstream, peer.notAfter, finished);
              },
            },
        req,
        res,
      );
      if (kind === "continue") res.writeContinue();
      route.upstream.send(exchange);
    } catch (error) {
      if (!(error instanceof Refusal)) log.bug(error);
      refuse(error instanceof Refusal ? error : new Refusal("internal-error"));
    }
  };
}

/** TRACE would hand the client what was injected for it; CONNECT is another business than a gateway's. */
function permittedMethod(req: IncomingMessage, kind: Kind): string {
  const { method = "" } = req;
  if (kind === "connect" || method === "TRACE" || method === "CONNECT")
    throw new Refusal("method-not-allowed", method);
  if (kind === "expectation") throw new Refusal("expectation-failed");
  return method;
}
