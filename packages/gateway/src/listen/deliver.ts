/** Node's five events, and what is no request at all, to the handlers; one at a time on each connection, and in order. */
import { ServerResponse, type Server as AnyServer } from "node:http";
import type { Socket } from "node:net";
import { Notes } from "../notes.ts";
import type { OwnAnswer } from "../pages/own-answer.ts";
import { Refusal } from "../refuse/refusal.ts";
import type { Response } from "../response.ts";
import { brokenRequest, writeAnswer } from "./broken-request.ts";
import type { ConnectionLimit } from "./connection-limit.ts";
import type { NodeRequest, Request } from "./request.ts";

/** The five events by which Node delivers a request: a filter on one of them alone is a bypass. */
export type Kind = "request" | "continue" | "expectation" | "upgrade" | "connect";

export type RequestHandlers = {
  /** @param refusal why it goes no further, whatever it asks for; its connection ends with the answer */
  readonly request: (req: Request, res: Response, kind: Kind, firstOctets: Buffer, refusal?: Refusal) => void;
  /** No request could be made of what the client sent. */
  readonly broken: (refusal: Refusal, socket: Socket) => OwnAnswer;
};

export type Delivery = {
  /** A request that has come with nothing but itself. */
  readonly deliver: (req: Request, res: Response, kind: Kind) => void;
  /** Whether a request of this connection is not answered to the end, or a tunnel goes through it. */
  readonly isBusy: (socket: Socket) => boolean;
  /** Ends connections that nobody has used for a while. */
  readonly endIdle: (open: Iterable<Socket>, longest: number) => void;
  /** From now on every answer is its connection's last, as far as it has not begun. */
  readonly finish: (open: Iterable<Socket>) => void;
};

export type Server = AnyServer<typeof NodeRequest>;

/** How long a client may go on talking after it was told that it makes no sense, in milliseconds. */
const patience = 2_000;

/** The response to a connection's latest request; of an idle one, since when (milliseconds of the monotonic clock). */
const latest = new Notes<Response | number>("latest response");

function responseTo(socket: Socket): Response | undefined {
  const response = latest.of(socket);
  return typeof response === "number" ? undefined : response;
}

/**
 * A response that waits for its turn ends with the connection. Node sees to that until an upgrade comes behind it, and from then on
 * no more.
 */
function endAfter(earlier: Response, res: Response, socket: Socket): void {
  earlier.once("close", () => {
    if (!socket.writable) res.destroy();
  });
}

export function deliverRequests(server: Server, handlers: RequestHandlers, limit: ConnectionLimit): Delivery {
  const none = Buffer.alloc(0);
  let finishing = false;
  const request: RequestHandlers["request"] = (req, res, kind, firstOctets) => {
    const refusal = limit.exceededBy(req.socket) ? new Refusal("gateway-busy") : undefined;
    if (refusal !== undefined || finishing) res.shouldKeepAlive = false;
    handlers.request(req, res, kind, firstOctets, refusal);
  };
  const deliver = (req: Request, res: Response, kind: Kind) => {
    const earlier = responseTo(req.socket);
    // Who has been told that the connection closes is not listened to any more (RFC 9112 section 9.6).
    if (earlier?.headersSent === true && !earlier.shouldKeepAlive) return;
    if (earlier?.closed === false) endAfter(earlier, res, req.socket);
    latest.set(req.socket, res);
    request(req, res, kind, none);
  };
  const deliverBare = (kind: Kind) => (req: NodeRequest, socket: Socket, firstOctets: Buffer) => {
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
      latest.set(socket, res);
      request(req, res, kind, firstOctets);
    };
    socket.on("error", () => socket.destroy());
    const earlier = responseTo(socket);
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
  const deliverAs = (kind: Kind) => (req: NodeRequest, res: ServerResponse) => {
    deliver(req, res, kind);
  };
  server.on("request", deliverAs("request"));
  server.on("checkContinue", deliverAs("continue"));
  server.on("checkExpectation", deliverAs("expectation"));
  server.on("upgrade", deliverBare("upgrade"));
  server.on("connect", deliverBare("connect"));
  const behind = new WeakSet<Socket>();
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    // Whatever follows on a broken connection is an error again, and again thrown away.
    if (socket.writableEnded) return;
    const refusal = brokenRequest(error);
    const response = responseTo(socket);
    const end = () => {
      if (refusal === undefined || !socket.writable) {
        socket.destroySoon();
        return;
      }
      writeAnswer(socket, handlers.broken(refusal, socket));
      // Closing while there is more to read resets the connection, and the answer may be lost with it.
      setTimeout(() => socket.destroy(), patience).unref();
    };
    if (refusal === undefined || response === undefined || response.closed) end();
    else if (response.req.complete) {
      // Octets behind a request that is not answered yet: it is answered first. Node tells of all that follow as well.
      if (behind.has(socket)) return;
      behind.add(socket);
      if (response.shouldKeepAlive) response.once("close", end);
    }
    // Octets of ours in the middle of somebody else's answer would be taken for a part of it.
    else if (response.headersSent || response.socket !== socket) socket.destroySoon();
    else end();
  });
  return {
    deliver,
    isBusy: (socket) => responseTo(socket)?.closed === false,
    endIdle(open, longest) {
      const now = performance.now();
      for (const socket of open) {
        const response = latest.of(socket);
        if (typeof response !== "number") {
          if (response?.closed) latest.set(socket, now);
        } else if (now - response >= longest) socket.destroySoon();
      }
    },
    finish(open) {
      finishing = true;
      for (const socket of open) {
        const response = responseTo(socket);
        if (response?.headersSent === false) response.shouldKeepAlive = false;
      }
    },
  };
}
