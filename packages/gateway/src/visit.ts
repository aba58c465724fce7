/** How a request's visit ends: answered by the gateway itself, refused, or passed on. It is written down once, whatever happens. */
import { STATUS_CODES } from "node:http";
import { Exchange, type Outbound, type Outcome } from "./forward/exchange.ts";
import type { ResponseHead } from "./forward/response-head.ts";
import { joinSockets, type Tunnelled } from "./forward/tunnel.ts";
import type { Upstream } from "./forward/upstream.ts";
import { acceptWebSocket } from "./forward/websocket.ts";
import type { Kind } from "./listen/deliver.ts";
import type { Request } from "./listen/request.ts";
import { accessLine } from "./observe/access-line.ts";
import type { Log } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import type { OwnAnswer } from "./pages/own-answer.ts";
import type { Peer } from "./peer/peer.ts";
import { refusalAnswer } from "./refuse/answer.ts";
import { newIncident } from "./refuse/incident.ts";
import { Refusal } from "./refuse/refusal.ts";
import type { Response } from "./response.ts";

type Trouble = { readonly refusal: Refusal; readonly incident: string };
/** Where the line writes down what happens. */
export type Observer = {
  readonly log: Log;
  readonly metrics: Pick<Metrics, "request" | "refusal" | "cut">;
};

/** What the log says when the client had gone before it was answered: nginx's word for it, and never sent. */
const clientLeft = 499;

/** The status of a WebSocket's answer, which nobody but the tunnel has sent. */
const switching = 101;

/** Of requests that could not be read for certain. */
const unreadable = new Set([400, 431, 501]);

/** How long after its answer a request may take to come to its end, in milliseconds. */
const patience = 2_000;

export class Visit implements Outcome {
  readonly req: Request;
  readonly kind: Kind;
  peer: Peer;
  /** For the page of whoever is refused. */
  authorities: readonly string[] = [];
  contact: string | undefined;
  /** The prefix of the route that was found, for the log. */
  route: string | undefined;
  /** Where it was let in; asked again from time to time as long as it lasts. */
  place: { readonly host: string; readonly path: string } | undefined;
  readonly #started = performance.now();
  readonly #res: Response;
  readonly #firstOctets: Buffer;
  readonly #observer: Observer;
  readonly #ended: () => void;
  #over = false;
  #exchange: Exchange | undefined;
  #trouble: Trouble | undefined;
  #bytes = 0;

  /** @param ended called once, when nothing of this visit is under way any more */
  constructor(
    req: Request,
    res: Response,
    kind: Kind,
    firstOctets: Buffer,
    peer: Peer,
    observer: Observer,
    ended: () => void,
  ) {
    this.req = req;
    this.kind = kind;
    this.peer = peer;
    this.#res = res;
    this.#firstOctets = firstOctets;
    this.#observer = observer;
    this.#ended = ended;
    res.on("close", () => {
      this.#exchange?.abandon();
      this.#writeDown(this.#exchange?.received ?? this.#bytes);
    });
  }

  /** Goes on when the promise has resolved, unless the client has left by then. */
  await(promise: Promise<unknown>, goOn: () => void): void {
    const next = () => {
      if (!this.#over) goOn();
    };
    promise.then(next, next);
  }

  /** Answers without any upstream. */
  answer({ status, headers, body }: OwnAnswer): void {
    const res = this.#res;
    this.#bytes = Buffer.byteLength(body);
    // A client that waits for 100 Continue sends its body to nobody now: the connection cannot be read any further. And
    // who was not believed may have another certificate, which takes another handshake.
    if (this.kind !== "request" || this.peer.identity.verify === "FAILED") res.shouldKeepAlive = false;
    // A 204 has no length (RFC 9110 section 8.6).
    const length = status === 204 ? [] : ["Content-Length", String(this.#bytes)];
    res.writeHead(status, STATUS_CODES[status] ?? "", [...headers, ...length]);
    res.end(this.req.method === "HEAD" ? undefined : body);
    const { headers: given, socket } = this.req;
    const more = given["transfer-encoding"] !== undefined || Number(given["content-length"] ?? 0) > 0;
    // Who is told no is listened to for a while, so that the answer can be read; not until a body of any size is over.
    if (more) setTimeout(() => this.req.complete || socket.destroy(), patience).unref();
  }

  /** The one exit for no. What is not a Refusal is a bug: the client learns nothing of it but its incident's id. */
  refuse(error: unknown): void {
    if (!(error instanceof Refusal)) this.#observer.log.bug(error);
    const refusal = error instanceof Refusal ? error : new Refusal("internal-error");
    const { incident } = this.#note(refusal);
    const { accept, "user-agent": userAgent } = this.req.headers;
    const { authorities, contact } = this;
    const visitor = {
      identity: this.peer.identity,
      authorities,
      contact,
      accept,
      userAgent,
      now: Date.now(),
    };
    // Where such a request ends is anybody's guess: what stands behind it is not read (RFC 9112 section 6.1).
    if (unreadable.has(refusal.status)) this.#res.shouldKeepAlive = false;
    if (this.#res.headersSent) this.#res.destroy();
    else this.answer(refusalAnswer(refusal, incident, visitor));
  }

  /** Ends at once what was begun: the client is not to have any more of it. Where nothing was answered yet, it is told why. */
  cut(error: unknown): void {
    this.place = undefined;
    if (this.req.complete && !this.#res.headersSent && this.#res.statusCode !== switching) {
      this.#exchange?.abandon();
      this.refuse(error);
      return;
    }
    if (error instanceof Refusal) this.#observer.metrics.cut(this.#note(error).refusal.code);
    else this.#observer.log.bug(error);
    this.req.socket.destroy();
  }

  forward(upstream: Upstream, outbound: Outbound): void {
    if (this.kind === "continue") this.#res.writeContinue?.();
    this.#exchange = new Exchange(outbound, this, this.req.body, this.#res);
    upstream.send(this.#exchange);
  }

  /** The answer breaks off: nobody can be told but the log. */
  broken(refusal: Refusal): void {
    this.#note(refusal);
  }

  /** @throws Refusal `upstream-invalid` when the backend did not answer this very handshake */
  switched(head: ResponseHead, key: string, upstream: Tunnelled, rest: Buffer): void {
    const client = this.req.socket;
    acceptWebSocket(head, key, client);
    this.#res.statusCode = switching;
    this.#res.detachSocket?.(client);
    client.write(rest);
    upstream.socket.write(this.#firstOctets);
    joinSockets(client, upstream, (bytes) => {
      this.#writeDown(bytes);
    });
  }

  #note(refusal: Refusal): Trouble {
    this.#trouble = { refusal, incident: newIncident() };
    return this.#trouble;
  }

  #writeDown(bytes: number): void {
    // Of a WebSocket, the tunnel's end is the visit's, not that of the answer which opened it.
    if (this.#over) return;
    this.#over = true;
    this.#ended();
    const { headersSent, statusCode, socket, writableFinished } = this.#res;
    const { log, metrics } = this.#observer;
    // An answer whose turn never came was written to nobody.
    const isTold = headersSent && (socket !== null || writableFinished);
    const status = isTold || statusCode === switching ? statusCode : clientLeft;
    const duration = performance.now() - this.#started;
    metrics.request(status, duration);
    if (this.#trouble) metrics.refusal(this.#trouble.refusal.code);
    log.access?.(
      accessLine(
        this.req,
        status,
        this.peer,
        { route: this.route, target: this.#exchange?.target },
        duration,
        bytes,
        this.#trouble,
      ),
    );
  }
}
