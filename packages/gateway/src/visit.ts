/** How a request's visit ends: answered by the gateway itself, refused, or passed on. It is written down once, whatever happens. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Exchange, type Outbound } from "./forward/exchange.ts";
import { joinSockets } from "./forward/tunnel.ts";
import type { Upstream } from "./forward/upstream.ts";
import { acceptWebSocket } from "./forward/websocket.ts";
import type { Kind } from "./listen/listener.ts";
import { accessLine } from "./observe/access-line.ts";
import type { Log } from "./observe/log.ts";
import type { OwnAnswer } from "./pages/own-answer.ts";
import type { Peer } from "./peer/peer.ts";
import { refusalAnswer } from "./refuse/answer.ts";
import { newIncident } from "./refuse/incident.ts";
import { Refusal } from "./refuse/refusal.ts";

type Trouble = { readonly refusal: Refusal; readonly incident: string };
type Forwarded = Pick<Outbound, "method" | "head" | "body" | "rewrite">;
type WebSocket = { readonly key: string; readonly firstOctets: Buffer };

/** What the log says when the client had gone before it was answered: nginx's word for it, and never sent. */
const clientLeft = 499;

export class Visit {
  /** The prefix of the route that was found, for the log. */
  route: string | undefined;
  readonly #started = performance.now();
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #kind: Kind;
  readonly #peer: Peer;
  readonly #authorities: readonly string[];
  readonly #log: Log;
  #exchange: Exchange | undefined;
  #trouble: Trouble | undefined;
  #bytes = 0;

  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    kind: Kind,
    peer: Peer,
    authorities: readonly string[],
    log: Log,
  ) {
    this.#req = req;
    this.#res = res;
    this.#kind = kind;
    this.#peer = peer;
    this.#authorities = authorities;
    this.#log = log;
    res.on("close", () => {
      this.#exchange?.abandon();
      this.#writeDown(this.#exchange?.received ?? this.#bytes);
    });
  }

  /** Answers without any upstream. */
  answer({ status, headers, body }: OwnAnswer): void {
    const res = this.#res;
    this.#bytes = Buffer.byteLength(body);
    // A client that waits for 100 Continue sends its body to nobody now: the connection cannot be read any further.
    if (this.#kind !== "request") res.shouldKeepAlive = false;
    res.writeHead(status, [...headers, "Content-Length", String(this.#bytes)]);
    res.end(this.#req.method === "HEAD" ? undefined : body);
  }

  /** The one exit for no. What is not a Refusal is a bug: the client learns nothing of it but its incident's id. */
  refuse(error: unknown): void {
    if (!(error instanceof Refusal)) this.#log.bug(error);
    const refusal = error instanceof Refusal ? error : new Refusal("internal-error");
    const { incident } = this.#note(refusal);
    const { accept } = this.#req.headers;
    if (this.#res.headersSent) this.#res.destroy();
    else this.answer(refusalAnswer(refusal, incident, this.#peer.identity, this.#authorities, accept));
  }

  /** @param webSocket given when the client asked for one */
  forward(upstream: Upstream, forwarded: Forwarded, webSocket: WebSocket | undefined): void {
    if (this.#kind === "continue") this.#res.writeContinue();
    const outbound: Outbound = {
      ...forwarded,
      refuse: (refusal) => {
        this.refuse(refusal);
      },
      broken: (refusal) => {
        this.#note(refusal);
      },
      switched:
        webSocket &&
        ((head, socket, rest) => {
          acceptWebSocket(
            { ...head, headers: forwarded.rewrite(head.headers) },
            webSocket.key,
            this.#req.socket,
          );
          this.#tunnel(socket, rest, webSocket.firstOctets);
        }),
    };
    this.#exchange = new Exchange(outbound, this.#req, this.#res);
    upstream.send(this.#exchange);
  }

  #tunnel(upstream: Socket, rest: Buffer, firstOctets: Buffer): void {
    const client = this.#req.socket;
    this.#res.statusCode = 101;
    this.#res.detachSocket(client);
    client.write(rest);
    upstream.write(firstOctets);
    joinSockets(client, upstream, this.#peer.notAfter, (bytes) => {
      this.#writeDown(bytes);
    });
  }

  #note(refusal: Refusal): Trouble {
    this.#trouble = { refusal, incident: newIncident() };
    return this.#trouble;
  }

  #writeDown(bytes: number): void {
    const { headersSent, statusCode } = this.#res;
    const status = headersSent || statusCode === 101 ? statusCode : clientLeft;
    this.#log.access?.(
      accessLine(this.#req, status, this.#peer, this.route, this.#started, bytes, this.#trouble),
    );
  }
}
