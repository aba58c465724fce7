/** Settings -> listeners: the line's first step, and what goes wrong before there is a request. */
import type { TLSSocket } from "node:tls";
import { cannotListen } from "./config/cannot-listen.ts";
import type { Settings } from "./config/load.ts";
import { neverAnonymous } from "./config/never-anonymous.ts";
import type { Gateway } from "./gateway.ts";
import { listen, type Handlers, type Listener, type Tls } from "./listen/listener.ts";
import { listenForMetrics, type MetricsListener } from "./listen/metrics-listener.ts";
import type { Log } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import { peerOf, serverNameOf } from "./peer/peer.ts";
import { brokenAnswer } from "./refuse/broken-answer.ts";
import type { World } from "./world.ts";

type Around = {
  readonly gateway: Gateway;
  readonly world: () => World;
  readonly log: Log;
  readonly metrics: Metrics;
};

/**
 * @param opened gets each listener as soon as it listens, also when a later one cannot
 * @throws ConfigError where one cannot
 */
export async function openListeners(
  file: string,
  settings: Settings,
  tls: Tls | undefined,
  { gateway, world, log, metrics }: Around,
  opened: (listener: Listener) => void,
): Promise<void> {
  for (const [at, { host, port, mode, onBadCertificate }] of settings.listen.entries()) {
    const abort = mode === "mutual" && onBadCertificate === "abort";
    const connection = (socket: TLSSocket) => {
      metrics.handshake(socket.isSessionReused());
      return greets(socket, abort, world(), log);
    };
    const handlers = { request: gateway.request, connection, ...mishaps(world, log, metrics) };
    const strict = abort && neverAnonymous(settings);
    try {
      opened(await listen(mode, { host, port }, tls, strict, handlers));
    } catch (error) {
      throw cannotListen(file, ["listen", at], host, port, error);
    }
  }
}

/** @throws ConfigError */
export async function openMetrics(
  file: string,
  { host, port }: NonNullable<Settings["metrics"]>,
  { log, metrics }: Pick<Around, "log" | "metrics">,
): Promise<MetricsListener> {
  try {
    return await listenForMetrics({ host, port }, metrics, log.bug);
  } catch (error) {
    throw cannotListen(file, ["metrics"], host, port, error);
  }
}

/**
 * Looks at the client first of all, before anything is read from it.
 * @param abort whether a bad certificate closes the connection without an answer
 * @returns whether the connection may go on
 */
function greets(socket: TLSSocket, abort: boolean, world: World, log: Log): boolean {
  const { trust } = world.siteOf(serverNameOf(socket));
  const { identity, known } = peerOf(socket, trust);
  if (!abort) return true;
  const refuse = (reason: string) => {
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
): Pick<Handlers, "broken" | "handshakeFailed"> {
  return {
    broken(refusal, socket) {
      // Nobody has said what they would like to read: plain words serve a person and a program alike.
      const { answer, incident } = brokenAnswer(refusal, { contact: world().contact, accept: "text/plain" });
      const { code, status, detail } = refusal;
      metrics.refusal(code);
      log.warning("no request", { code, status, detail, incident, address: socket.remoteAddress });
      return answer;
    },
    handshakeFailed({ reason, detail }, socket, answered) {
      metrics.handshakeFailed(reason);
      if (!answered) log.warning("handshake failed", { reason, detail, address: socket.remoteAddress });
    },
  };
}
