/** A listening socket and the server behind it: HTTP, HTTPS, or HTTPS that asks for client certificates. */
import { randomBytes } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import type { Server as NetServer, Socket } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import { Refusal } from "../refuse/refusal.ts";
import { Roll } from "../roll.ts";
import { connectionOf, limitConnections } from "./connection-limit.ts";
import { deliverRequests, type RequestHandlers } from "./deliver.ts";
import { drain } from "./drain.ts";
import { takeFastPath } from "./fast-path/fast-path.ts";
import { handshakeFailure, type HandshakeFailure } from "./handshake-failure.ts";
import { limits, type Limits } from "./limits.ts";
import { answerPlainHttp } from "./plain-http.ts";
import { acceptProxied, inheritAddress, type ProxyRefused } from "./proxied.ts";
import { NodeRequest } from "./request.ts";
import { contextOptions, verifyingAgainst, type Credentials } from "./secure-context.ts";
import { sealTickets } from "./session-tickets.ts";

export type Mode = "http" | "https" | "mutual";
export type Address = { readonly host: string; readonly port: number };

export type Handlers = RequestHandlers & {
  /** A TLS connection is up and nothing has been read from it yet; `false` closes it without an answer. */
  readonly connection: (socket: TLSSocket) => boolean;
  /** @param answered whether {@link RequestHandlers.broken} was asked for an answer, because the client speaks no TLS */
  readonly handshakeFailed: (
    failure: HandshakeFailure,
    address: string | undefined,
    answered: boolean,
  ) => void;
  /** A connection was closed as soon as it was made: there is no room even to say so. */
  readonly dropped: () => void;
  readonly proxyRefused: ProxyRefused;
};

export type Listening = {
  readonly mode: Mode;
  readonly address: Address;
  /** Whether a client without a certificate is turned away in the handshake (with an alert) already. */
  readonly strict: boolean;
  /** The most connections; requests on those beyond are refused. */
  readonly connections: number;
  /** The balancers that all connections come through, each with a header that says whose it is; any client, unless given. */
  readonly proxies?: readonly string[] | undefined;
  /** A socket that somebody has opened and bound already; the address is the one that it has. */
  readonly fd?: number | undefined;
  /** Whether other processes listen on the same port: the system gives each of them its part of the connections. */
  readonly shared?: boolean;
  /** Whether ordinary requests are read without Node's parser. */
  readonly fastPath?: boolean;
};

/** With what TLS is spoken. */
export type Tls = {
  readonly credentials: Credentials;
  /** The context for a name (SNI) that does not get those; asked at every handshake. */
  readonly named: (name: string) => SecureContext | undefined;
};

export type Listener = {
  readonly mode: Mode;
  readonly address: Address;
  /** Swaps certificates, keys and authorities for new connections; sessions of before cannot be resumed. */
  readonly secure: (tls: Tls) => void;
  /** Makes every session ticket useless that was not sealed with these keys: 48 octets, random ones unless given. */
  readonly forgetSessions: (keys?: Buffer) => void;
  /** Connections that are open. */
  readonly connections: () => number;
  /** Takes no new connections, ends idle ones, and resolves when the last exchange is done. */
  readonly drain: () => Promise<void>;
};

/** @param tls needed unless the mode is http */
export async function listen(
  { mode, address, strict, connections, proxies, fd, shared = false, fastPath = false }: Listening,
  tls: Tls | undefined,
  handlers: Handlers,
  within: Limits = limits,
): Promise<Listener> {
  let current = tls;
  const named = (name: string) => current?.named(name);
  const server =
    mode === "http" || tls === undefined
      ? createHttpServer(ofNode(within))
      : secureServer(mode, tls.credentials, named, strict, handlers, within);
  const forgetSessions = (keys: Buffer = randomBytes(48)) => {
    if (server instanceof HttpsServer) sealTickets(server, keys);
  };
  forgetSessions();
  const acceptor =
    proxies === undefined
      ? server
      : acceptProxied(server, proxies, handlers.proxyRefused, within, mode === "http");
  const limit = limitConnections(acceptor, connections, handlers.dropped);
  const delivery = deliverRequests(server, handlers, limit);
  const fast = fastPath ? takeFastPath(server, delivery.deliver, within.maxHeaderSize) : undefined;
  const idling = setInterval(
    () => {
      delivery.endIdle(open, within.keepAliveTimeout);
      fast?.handOnSilent();
    },
    Math.min(within.keepAliveTimeout, 1_000),
  ).unref();
  acceptor.on("close", () => {
    clearInterval(idling);
  });
  const open = new Roll<Socket>();
  const opened = (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  acceptor.on("connection", opened);
  server.on("connection", (socket: Socket) => {
    addresses.set(socket, socket.remoteAddress);
  });
  server.on("secureConnection", (socket: Socket) => {
    open.delete(connectionOf(socket));
    opened(socket);
  });
  await new Promise<void>((resolve, reject) => {
    const where = fd === undefined ? { ...address, reusePort: shared } : { fd };
    acceptor.once("error", reject).listen({ ...where, backlog: 4096 }, () => {
      acceptor.off("error", reject);
      resolve();
    });
  });
  const bound = boundAt(acceptor, address);
  return {
    mode,
    address: fd === undefined ? { ...address, port: bound.port } : bound,
    secure(next) {
      current = next;
      if (!(server instanceof HttpsServer)) return;
      verifyingAgainst(next.credentials, () => {
        server.setSecureContext({ ...contextOptions(next.credentials), sessionIdContext });
      });
      forgetSessions();
    },
    forgetSessions,
    connections: limit.open,
    drain: () => drain(acceptor, open, delivery),
  };
}

function boundAt(server: NetServer, asked: Address): Address {
  const bound = server.address();
  return typeof bound === "object" && bound ? { host: bound.address, port: bound.port } : asked;
}

/** Node would set a timer anew for every request: idle connections are looked for from time to time instead. */
function ofNode(within: Limits): Limits & { IncomingMessage: typeof NodeRequest } {
  return { ...within, keepAliveTimeout: 0, IncomingMessage: NodeRequest };
}

/** Node would make one of the command line, which other replicas have another of: keys alone say who shares sessions. */
const sessionIdContext = "sallyport";

/** For the log: whoever has left by the time that a handshake has failed is not known to Node any more. */
const addresses = new WeakMap<Socket, string | undefined>();

function addressOf(socket: TLSSocket): string | undefined {
  return socket.remoteAddress ?? addresses.get(connectionOf(socket));
}

function secureServer(
  mode: Mode,
  credentials: Credentials,
  named: Tls["named"],
  strict: boolean,
  handlers: Handlers,
  within: Limits,
): HttpsServer {
  const options = {
    ...ofNode(within),
    ...contextOptions(credentials),
    sessionIdContext,
    requestCert: mode === "mutual",
    // The handshake goes on with a bad certificate, so that the refusal can be an answer with a reason.
    rejectUnauthorized: strict,
    ALPNProtocols: ["http/1.1", "http/1.0"],
    SNICallback: (name: string, choose: (error: null, context?: SecureContext) => void) => {
      choose(null, named(name));
    },
  };
  const server = verifyingAgainst(credentials, () => createHttpsServer(options));
  // First of all listeners: see peerOf for why nothing may read from the socket before it.
  server.prependListener("secureConnection", (socket) => {
    inheritAddress(socket);
    if (!handlers.connection(socket)) socket.destroy();
  });
  server.on("tlsClientError", (error, socket) => {
    inheritAddress(socket);
    const failure = handshakeFailure(error, socket);
    const noTls = failure.reason === "plain-http" || failure.reason === "not-tls";
    const refusal = new Refusal("tls-required", failure.detail);
    const answered = noTls && answerPlainHttp(socket, () => handlers.broken(refusal, socket));
    handlers.handshakeFailed(failure, addressOf(socket), answered);
  });
  return server;
}
