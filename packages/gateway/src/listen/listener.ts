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
import { handshakeFailure, type HandshakeFailure } from "./handshake-failure.ts";
import { answerPlainHttp } from "./plain-http.ts";
import { contextOptions, verifyingAgainst, type Credentials } from "./secure-context.ts";

export type Mode = "http" | "https" | "mutual";
export type Address = { readonly host: string; readonly port: number };

/** The five events by which Node delivers a request: a filter on one of them alone is a bypass. */
export type Kind = "request" | "continue" | "expectation" | "upgrade" | "connect";

export type Handlers = {
  readonly request: (req: IncomingMessage, res: ServerResponse, kind: Kind, firstOctets: Buffer) => void;
  /** A TLS connection is up and nothing has been read from it yet; `false` closes it without an answer. */
  readonly connection: (socket: TLSSocket) => boolean;
  /** No request could be made of what the client sent. */
  readonly broken: (refusal: Refusal, socket: Socket) => OwnAnswer;
  /** @param answered whether {@link Handlers.broken} was asked for an answer, because the client speaks no TLS */
  readonly handshakeFailed: (failure: HandshakeFailure, socket: Socket, answered: boolean) => void;
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

const limits = {
  // Said outright, so that no NODE_OPTIONS of the machine can make the parser lenient.
  insecureHTTPParser: false,
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 2_000,
  handshakeTimeout: 10_000,
  // Node would answer by itself, and nobody would know of it: the headers room asks for exactly one Host.
  requireHostHeader: false,
  // A request without a body needs no stream to read it from.
  optimizeEmptyRequests: true,
};

/**
 * @param tls needed unless the mode is http
 * @param strict whether a client without a certificate is turned away in the handshake (with an alert) already
 */
export async function listen(
  mode: Mode,
  address: Address,
  tls: Tls | undefined,
  strict: boolean,
  handlers: Handlers,
): Promise<Listener> {
  let current = tls;
  const named = (name: string) => current?.named(name);
  const server =
    mode === "http" || tls === undefined
      ? createHttpServer(limits)
      : secureServer(mode, tls.credentials, named, strict, handlers);
  attach(server, handlers);
  let open = 0;
  server.on("connection", (socket: Socket) => {
    open += 1;
    socket.once("close", () => (open -= 1));
  });
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
    connections: () => open,
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

function secureServer(
  mode: Mode,
  credentials: Credentials,
  named: Tls["named"],
  strict: boolean,
  handlers: Handlers,
): HttpsServer {
  const options = {
    ...limits,
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
    handlers.handshakeFailed(failure, socket, answered);
  });
  return server;
}

function attach(server: Server, handlers: Handlers): void {
  const none = Buffer.alloc(0);
  const current = new WeakMap<Socket, ServerResponse>();
  const deliver = (kind: Kind) => (req: IncomingMessage, res: ServerResponse) => {
    current.set(req.socket, res);
    handlers.request(req, res, kind, none);
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
      handlers.request(req, res, kind, firstOctets);
    };
    socket.on("error", () => socket.destroy());
    const earlier = current.get(socket);
    if (earlier === undefined || earlier.closed) start();
    // Requests that came before it on the connection are answered before it; a socket has one response at a time.
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
