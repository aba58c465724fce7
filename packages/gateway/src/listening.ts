/** Settings -> listeners: the line's first step, and what goes wrong before there is a request. */
import type { TLSSocket } from "node:tls";
import { cannotListen } from "./config/cannot-listen.ts";
import { ConfigError } from "./config/config-error.ts";
import type { Settings } from "./config/load.ts";
import { neverAnonymous } from "./config/never-anonymous.ts";
import type { World } from "./admit.ts";
import type { Gateway } from "./gateway.ts";
import { listen, type Handlers, type Listener, type Tls } from "./listen/listener.ts";
import type { Log } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import { peerOf, serverNameOf } from "./peer/peer.ts";
import { brokenAnswer } from "./refuse/broken-answer.ts";

/** What the part of one worker is, where there are several. */
export type Share = {
  readonly workers: number;
  /** The ports that the first worker has taken, one for each listener; `undefined` for the first itself. */
  readonly ports: readonly number[] | undefined;
};

/** Name -> descriptors. */
export type ActivatedSockets = ReadonlyMap<string, readonly number[]>;

type From = { readonly share: Share | undefined; readonly sockets?: ActivatedSockets | undefined };

type Around = {
  readonly gateway: Gateway;
  readonly world: () => World;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** Milliseconds. */
const dropsToldEvery = 10_000;

/**
 * @param opened gets each listener as soon as it listens, also when a later one cannot
 * @throws ConfigError where one cannot
 */
export async function openListeners(
  settings: Settings,
  tls: Tls | undefined,
  { gateway, world, log, metrics }: Around,
  { share, sockets }: From,
  opened: (listener: Listener) => void,
): Promise<void> {
  for (const [at, each] of settings.listen.entries()) {
    const { host, port, mode, onBadCertificate, connections, proxyProtocol, fastPath } = each;
    const fd = descriptorOf(settings, at, sockets);
    const abort = mode === "mutual" && onBadCertificate === "abort";
    const connection = (socket: TLSSocket) => {
      metrics.handshake(socket.isSessionReused());
      return greets(socket, abort, world(), log, metrics);
    };
    const handlers = { request: gateway.request, connection, ...mishaps(world, log, metrics) };
    const strict = abort && neverAnonymous(settings);
    const address = { host, port: share?.ports?.[at] ?? port };
    const most = Math.ceil(connections / (share?.workers ?? 1));
    try {
      opened(
        await listen(
          {
            ...{ mode, address, strict, connections: most, shared: share !== undefined },
            ...{ proxies: proxyProtocol?.from, fd, fastPath },
          },
          tls,
          handlers,
        ),
      );
    } catch (error) {
      throw cannotListen(settings.place(["listen", at]), ["listen", at], host, port, error);
    }
  }
}

/** @throws ConfigError where the socket that is meant is not there, or is not the only one of that name */
function descriptorOf({ listen, place }: Settings, at: number, sockets: ActivatedSockets = new Map()) {
  const name = listen[at]?.socket;
  if (name === undefined) return undefined;
  const [fd, ...more] = sockets.get(name) ?? [];
  if (fd !== undefined && more.length === 0) return fd;
  const path = ["listen", at, "socket"];
  const [what, next] =
    fd === undefined
      ? [
          `systemd has opened no socket named ${name}`,
          "start it by its .socket unit, with that name in FileDescriptorName",
        ]
      : [
          `systemd has opened ${more.length + 1} sockets named ${name}`,
          "give each its own .socket unit and name",
        ];
  throw new ConfigError([{ place: place(path), path: path.join("."), what, next }]);
}

/**
 * Looks at the client first of all, before anything is read from it.
 * @param abort whether a bad certificate closes the connection without an answer
 * @returns whether the connection may go on
 */
function greets(
  socket: TLSSocket,
  abort: boolean,
  world: World,
  log: Log,
  metrics: Pick<Metrics, "handshakeFailed">,
): boolean {
  const { trust } = world.siteOf(serverNameOf(socket));
  const { identity, known } = peerOf(socket, trust);
  if (!abort) return true;
  const refuse = (reason: string) => {
    metrics.handshakeFailed("certificate-refused");
    log.warning("handshake refused", { reason, address: socket.remoteAddress });
    socket.destroy();
    return false;
  };
  if (identity.verify === "FAILED") return refuse(identity.reason);
  const verdict = known && trust?.standing(known, Date.now());
  if (verdict instanceof Promise) {
    void verdict.then(({ status, detail }) => status === "good" || refuse(detail));
    return true;
  }
  return verdict === undefined || verdict.status === "good" || refuse(verdict.detail);
}

/** Answered where somebody is left to answer, and written down. */
function mishaps(
  world: () => World,
  log: Log,
  metrics: Metrics,
): Pick<Handlers, "broken" | "handshakeFailed" | "dropped" | "proxyRefused"> {
  let told = -Infinity;
  return {
    broken(refusal, socket) {
      const { contact } = world();
      // Who speaks no TLS may be a person or a program: plain words serve both.
      const accept = refusal.code === "tls-required" ? "text/plain" : undefined;
      const { answer, incident } = brokenAnswer(refusal, { contact, accept });
      const { code, status, detail } = refusal;
      metrics.refusal(code);
      log.warning("no request", { code, status, detail, incident, address: socket.remoteAddress });
      return answer;
    },
    handshakeFailed({ reason, detail }, address, answered) {
      metrics.handshakeFailed(reason);
      if (!answered) log.warning("handshake failed", { reason, detail, address });
    },
    proxyRefused({ reason, detail }, address) {
      metrics.proxyRefused(reason);
      // A balancer looks whether anybody listens by connecting, every second or so.
      if (reason !== "closed") log.warning("connection refused", { reason, detail, address });
    },
    dropped() {
      metrics.connectionDropped();
      // Whoever fills the gateway must not fill the disk as well.
      if (performance.now() - told < dropsToldEvery) return;
      told = performance.now();
      log.warning("connections dropped: there are more than listen[].connections allows");
    },
  };
}
