/** A listening socket and the server behind it: HTTP, HTTPS, or HTTPS that asks for client certificates. */
import { randomBytes } from "node:crypto";
import {
  createServer as createHttpServer,
  ServerResponse,
  type IncomingMessage,
  type Server,
} from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import type { OwnAnswer } from "../pages/own-answer.ts";
import { Refusal } from "../refuse/refusal.ts";
import { brokenRequest, writeAnswer } from "./broken-request.ts";
import { connectionOf, limitConnections, type ConnectionLimit } from "./connection-limit.ts";
import { handshakeFailure, type HandshakeFailure } from "./handshake-failure.ts";
import { limits, type Limits } from "./limits.ts";
import { answerPlainHttp } from "./plain-http.ts";
import { contextOptions, verifyingAgainst, type Credentials } from "./secure-context.ts";

export type Mode = "http" | "https" | "mutual";
export type Address = { readonly host: string; readonly port: number };

/** The five events by which Node delivers a request: a filter on one of them alone is a bypass. */
export type Kind = "request" | "continue" | "expectation" | "upgrade" | "connect";

export type Handlers = {
  /** @param refusal why it goes no further, whatever it asks for; its connection ends with the answer */
  readonly request: (
    req: IncomingMessage,
    res: ServerResponse,
    kind: Kind,
    firstOctets: Buffer,
    refusal?: Refusal,
  ) => void;
  /** A TLS connection is up and nothing has been read from it yet; `false` closes it without an answer. */
  readonly connection: (socket: TLSSocket) => boolean;
  /** No request could be made of what the client sent. */
  readonly broken: (refusal: Refusal, socket: Socket) => OwnAnswer;
  /** @param answered whether {@link Handlers.broken} was asked for an answer, because the client speaks no TLS */
  readonly handshakeFailed: (
    failure: HandshakeFailure,
    address: string | undefined,
    answered: boolean,
  ) => void;
  /** A connection was closed as soon as it was made: there is no room even to say so. */
  readonly dropped: () => void;
};

export type Listening = {
  readonly mode: Mode;
  readonly address: Address;
  /** Whether a client without a certificate is turned away in the handshake (with an alert) already. */
  readonly strict: boolean;
  /** The most connections; requests on those beyond are refused. */
  readonly connections: number;
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
  /** Makes every session ticket handed out so far useless. */
  readonly forgetSessions: () => void;
  /** Connections that are open. */
  readonly connections: () => number;
  /** Takes no new connections, ends idle ones, and resolves when the last exchange is done. */
  readonly drain: () => Promise<void>;
};

/** @param tls needed unless the mode is http */
export async function listen(
  { mode, address, strict, connections }: Listening,
  tls: Tls | undefined,
  handlers: Handlers,
  within: Limits = limits,
): Promise<Listener> {
  let current = tls;
  const named = (name: string) => current?.named(name);
  const server =
    mode === "http" || tls === undefined
      ? createHttpServer(within)
      : secureServer(mode, tls.credentials, named, strict, handlers, within);
  const limit = limitConnections(server, connections, handlers.dropped);
  attach(server, handlers, limit);
  server.on("connection", (socket: Socket) => addresses.set(socket, socket.remoteAddress));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ ...address, backlog: 4096 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  return {
    mode,
    address: { host: address.host, port: typeof bound === "object" && bound ? bound.port : address.port },
    secure(next) {
      current = next;
      if (!(server instanceof HttpsServer)) return;
      verifyingAgainst(next.credentials, () => {
        server.setSecureContext(contextOptions(next.credentials));
      });
    },
    forgetSessions() {
      if (server instanceof HttpsServer) server.setTicketKeys(randomBytes(48));
    },
    connections: limit.open,
    drain: () =>
      new Promise((resolve) => {
        // A connection that is busy now becomes idle later: Node closes only those that are idle at the call.
        const sweep = setInterval(() => {
          server.closeIdleConnections();
        }, 100);
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}

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
    ...within,
    ...contextOptions(credentials),
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
    if (!handlers.connection(socket)) socket.destroy();
  });
  server.on("tlsClientError", (error, socket) => {
    const failure = handshakeFailure(error, socket);
    const noTls = failure.reason === "plain-http" || failure.reason === "not-tls";
    const refusal = new Refusal("tls-required", failure.detail);
    const answered = noTls && answerPlainHttp(socket, () => handlers.broken(refusal, socket));
    handlers.handshakeFailed(failure, addressOf(socket), answered);
  });
  return server;
}

function attach(server: Server, handlers: Handlers, limit: ConnectionLimit): void {
  const none = Buffer.alloc(0);
  const current = new WeakMap<Socket, ServerResponse>();
  const request: Handlers["request"] = (req, res, kind, firstOctets) => {
    const refusal = limit.exceededBy(req.socket) ? new Refusal("gateway-busy") : undefined;
    if (refusal) res.shouldKeepAlive = false;
    handlers.request(req, res, kind, firstOctets, refusal);
  };
  const deliver = (kind: Kind) => (req: IncomingMessage, res: ServerResponse) => {
    current.set(req.socket, res);
    request(req, res, kind, none);
  };
  const deliverBare = (kind: Kind) => (req: IncomingMessage, socket: Socket, firstOctets: Buffer) => {
    // No parser and no response any more: an ordinary response on the bare socket makes the answer the same as ever.
    const start = () => {
      const res = new ServerResponse(req);
      res.shouldKeepAlive = false;
      res.assignSocket(socket);
      res.on("finish", () => {
        res.detachSocket(socket);
        res.emit("close"); // Node says so only of responses that it manages itself
        socket.end();
      });
      request(req, res, kind, firstOctets);
    };
    socket.on("error", () => socket.destroy());
    const earlier = current.get(socket);
    if (earlier === undefined || earlier.closed) start();
    // Requests that came before it on the connection are answered before it: a socket has one response at a time, and
    // Node would throw at a second one.
    else
      earlier.once("close", () => {
        if (socket.writable) start();
      });
  };
  // No cap on lines here: Node's would cut the rest off silently. The headers room counts them and refuses.
  server.maxHeadersCount = 0;
  server.on("request", deliver("request"));
  server.on("checkContinue", deliver("continue"));
  server.on("checkExpectation", deliver("expectation"));
  server.on("upgrade", deliverBare("upgrade"));
  server.on("connect", deliverBare("connect"));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const refusal = brokenRequest(error);
    const response = current.get(socket);
    // Octets of ours in the middle of somebody else's answer would be taken for a part of it.
    const busy =
      response !== undefined &&
      !response.writableFinished &&
      (response.headersSent || response.socket !== socket);
    if (refusal !== undefined && socket.writable && !busy)
      writeAnswer(socket, handlers.broken(refusal, socket));
    socket.destroySoon();
  });
}
